import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';
import { standIn } from './stand-in.ts';
import { classYaml, program } from './support.ts';

// Nothing that is waited for here takes less than the class's ten seconds: each world holds several agents at once.

/** Ten seconds, twice looked at, and the time to be started again. */
const RECOVERED_MS = 30_000;
const HEALTH = { hungAfterSeconds: 10, maxRecoveriesPerHour: 1 };
const BACKOFF = { initialSeconds: 0.1 };

/** Agents of programs that stand for what a coding agent may be found doing. */
function stageTeam(world: World): void {
  // Becomes a shell as soon as the file is there, once for each run.
  program(
    world,
    'falls',
    `#!/bin/sh\nwhile :; do [ -e ${join(world.root, 'fall')} ] && exec bash --norc; sleep 0.1; done\n`,
  );
  program(world, 'hangs', '#!/usr/bin/env node\nprocess.stdin.resume(); setInterval(() => {}, 1 << 30);\n');
  program(world, 'builds', '#!/bin/sh\nsleep 100000\n');
  program(
    world,
    'counts',
    '#!/usr/bin/env node\nconst end = () => { const t = Date.now(); while (Date.now() - t < 60); setTimeout(end, 200); };\nend();\n',
  );
  world.spec('falls.yaml', classYaml('falls', { command: ['falls'], health: HEALTH, backoff: BACKOFF }));
  world.spec('hangs.yaml', classYaml('hangs', { command: ['hangs'], health: HEALTH, backoff: BACKOFF }));
  world.spec('builds.yaml', classYaml('builds', { command: ['builds'], health: HEALTH }));
  world.spec('counts.yaml', classYaml('counts', { command: ['counts'], health: HEALTH }));
  world.spec('plain.yaml', classYaml('plain', { command: ['hangs'] }));
  world.spec(
    'wrapped.yaml',
    classYaml('wrapped', {
      program: 'hangs',
      command: ['bash', '-c', 'hangs; exit'],
      health: { hungAfterSeconds: 1800 },
    }),
  );
}

describe('an agent that is stuck', () => {
  test('[S52] [S53] [S55] [S56] [S57] [S58] [S64] [S78] [S127] is found, and it alone is started anew; what is quiet for a reason is left alone', () =>
    withWorld(async (world) => {
      stageTeam(world);
      const others = {
        build: { class: 'builds' },
        count: { class: 'counts' },
        idle: { class: 'plain' },
        wrap: { class: 'wrapped' },
      };
      // Its account is at a limit, for the other one says so.
      const coder = standIn(world, { health: HEALTH, limits: { fallbackMinutes: 0 } });
      const held = { work: { class: 'coder' }, limited: { class: 'coder' } };
      const talk = { class: 'hangs' };
      world.spec(
        'web.yaml',
        projectYaml('web', { fall: { class: 'falls' }, hang: { class: 'hangs' }, talk, ...held, ...others }),
      );
      const { log } = await world.start();
      await world.ready('web');
      await coder.says('limited', { status: 'limited', text: 'limit reached' });
      await coder.says('work', { status: 'busy' });
      const person = setInterval(() => {
        world.tmux('send-keys', '-t', world.agent('web', 'talk')?.pane?.id ?? '', 'a').catch(() => undefined);
      }, 2000).unref();
      const pids = (): Record<string, number | undefined> =>
        Object.fromEntries(Object.keys(others).map((name) => [name, world.agent('web', name)?.pid]));
      const before = pids();
      writeFileSync(join(world.root, 'fall'), '');
      await until('the shell is found', () => world.agent('web', 'fall')?.recoveries?.length === 1, RECOVERED_MS);
      await until('the hung one is found', () => world.agent('web', 'hang')?.recoveries?.length === 1, RECOVERED_MS);
      expect(world.agent('web', 'fall')).toMatchObject({ lastExit: { kind: 'Ended' }, failures: 0 });
      await until(
        'both run again',
        () => world.agent('web', 'fall')?.restarts === 1 && world.agent('web', 'hang')?.restarts === 1,
      );
      // Both get stuck once more, which is once too often.
      for (const agent of ['fall', 'hang']) {
        await until(
          `${agent} is left alone`,
          () =>
            world.agent('web', agent)?.reason === 'RecoveriesExhausted' ||
            Promise.reject(new Error(JSON.stringify(world.agent('web', agent)))),
          RECOVERED_MS,
        );
        expect(world.agent('web', agent)).toMatchObject({ state: 'Stuck', restarts: 1 });
      }
      expect(world.status('web')?.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'RecoveriesExhausted' }),
      );
      await holds('it is left alone', 1000, () => world.agent('web', 'hang')?.restarts === 1);
      clearInterval(person);
      expect(pids()).toEqual(before);
      for (const agent of ['talk', 'work', 'limited']) {
        expect(world.agent('web', agent)).toMatchObject({ restarts: 0 });
        expect(world.agent('web', agent)?.recoveries).toBeUndefined();
      }
      // Not a key was sent: what is typed would stand on the screens.
      for (const name of Object.keys(others)) {
        expect(await world.tmux('capture-pane', '-p', '-t', world.agent('web', name)?.pane?.id ?? '')).toBe('');
      }
      const events = (await world.muxlet('events', '--for', 'project/web')).stdout;
      for (const reason of ['ShellWithoutAgent', 'Hung', 'RecoveriesExhausted']) expect(events).toContain(reason);
      expect(log()).not.toContain('"level":50');
    }));
});
