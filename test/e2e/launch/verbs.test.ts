import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { muxletWith, snapshot } from './support.ts';

/** Dozens of verbs, each a process of its own. Milliseconds. */
const MANY_VERBS = 180_000;

test(
  '[S5] a verb that fails says so with its exit code: 1 for what failed, 2 for wrong usage',
  () =>
    withWorld(async (world) => {
      await world.start();
      const file = world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
      await world.ready('web');
      const failing: [number, ...string[]][] = [
        [1, 'get', 'project', 'nope'],
        [1, 'describe', 'project', 'nope'],
        [1, 'logs', 'nope'],
        [1, 'logs', 'web', '-a', 'nope'],
        [1, 'apply', '-f', 'no-such-file.yaml'],
        [1, 'create', '-f', file],
        [1, 'delete', 'project', 'nope'],
        [1, 'label', 'project', 'nope', 'a=b'],
        [1, 'validate', '-f', 'no-such-file.yaml'],
        [1, 'plan', 'nope'],
        [2, 'diff', 'nope'],
        [1, 'wait', 'project/nope', '--for=condition=Ready', '--timeout=100ms'],
        [1, 'run', '--listen', '127.0.0.1:0'],
        [2, 'no-such-verb'],
        [2, 'get', '--no-such-flag'],
        [2, 'get', 'no-such-kind'],
        [2, 'get'],
        [2, 'completion', 'no-such-shell'],
      ];
      for (const [code, ...args] of failing) {
        const result = await world.muxlet(...args);
        expect(result.code, `${args.join(' ')}: ${result.stderr}`).toBe(code);
        expect(result.stderr, args.join(' ')).not.toBe('');
        expect(result.stderr, args.join(' ')).not.toMatch(/^\s+at /m);
      }
      for (const args of [
        ['get', 'projects'],
        ['describe', 'project', 'web'],
        ['apply', '-f', file],
        ['validate'],
        ['plan'],
        ['diff'],
        ['wait', 'project/web', '--for=condition=Ready', '--timeout=5s'],
        ['label', 'project', 'web', 'a=b'],
        ['delete', 'project', 'web'],
      ]) {
        const result = await world.muxlet(...args);
        expect(result.code, `${args.join(' ')}: ${result.stderr}`).toBe(0);
      }
    }),
  MANY_VERBS,
);

test(
  '[S13] without a terminal nothing is asked: a verb has a default, or fails at once and says which flag it needs',
  () =>
    withWorld(async (world) => {
      await world.start();
      world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
      const { pid } = (await world.ready('web')).status.agents[0] ?? {};
      // 'y' stands ready on the standard input, and nobody reads it.
      const ask = (...args: string[]) => muxletWith(world, args, { input: 'y\ny\n' });
      const down = await ask('down');
      expect(down.code).not.toBe(0);
      expect(down.stderr).toContain('--yes');
      for (const verb of [
        ['attach', 'web'],
        ['edit', 'project', 'web'],
      ]) {
        const { code, stderr } = await ask(...verb);
        expect(code, verb.join(' ')).not.toBe(0);
        expect(stderr).toMatch(/terminal/);
      }
      const overwrite = await ask('label', 'project', 'web', 'a=b');
      expect(overwrite.code).toBe(0);
      const again = await ask('label', 'project', 'web', 'a=c');
      expect(again.code).toBe(1);
      expect(again.stderr).toContain('--overwrite');
      expect(world.agent('web', 'dev')).toMatchObject({ pid, ready: true });
      expect((await ask('down', '--yes')).code).toBe(0);
      await expect(world.tmux('has-session', '-t', '=web')).rejects.toThrow();
    }),
  MANY_VERBS,
);

const READING: readonly (readonly string[])[] = [
  ['get', 'all'],
  ['get', 'projects,agents,agentclasses,events,problems', '-o', 'json'],
  ['get', 'projects', '-o', 'wide'],
  ['describe', 'project', 'web'],
  ['describe', 'agent', 'web.dev'],
  ['events'],
  ['logs', 'web', '-a', 'dev'],
  ['plan'],
  ['diff'],
  ['validate'],
  ['explain', 'project.spec.agents'],
  ['api-resources'],
  ['doctor'],
  ['version'],
];

test(
  '[S29] in a place where nothing was ever run, every verb works once or says what is missing',
  () =>
    withWorld(async (world) => {
      const state = join(world.root, 'never', 'made');
      const onEmpty: [number, ...string[]][] = [
        [0, 'get', 'all'],
        [0, 'get', 'projects'],
        [0, 'get', 'agents'],
        [0, 'get', 'agentclasses'],
        [0, 'get', 'events'],
        [0, 'get', 'problems'],
        [0, 'events'],
        [0, 'plan'],
        [0, 'diff'],
        [0, 'validate'],
        [0, 'explain', 'project.spec.agents'],
        [0, 'api-resources'],
        [0, 'doctor'],
        [0, 'version'],
        [0, 'completion', 'bash'],
        [0, 'down', '--yes'],
        [1, 'describe', 'project', 'web'],
        [1, 'logs', 'web'],
        [1, 'attach', 'web'],
        [1, 'edit', 'project', 'web'],
        [1, 'delete', 'project', 'web'],
        [1, 'label', 'project', 'web', 'a=b'],
        [1, 'annotate', 'project', 'web', 'a=b'],
      ];
      for (const [code, ...args] of onEmpty) {
        const result = await world.muxlet('--state', state, ...args);
        expect(result.code, `${args.join(' ')}: ${result.stderr}${result.stdout}`).toBe(code);
        expect(result.stderr, args.join(' ')).not.toMatch(/^\s+at |ENOENT|undefined/m);
      }
      const applied = await muxletWith(world, ['--state', state, 'apply', '-f', '-'], {
        input: projectYaml('web', { dev: SLEEP }),
      });
      expect(applied.code).toBe(0);
      const once = await world.muxlet('--state', state, 'run', '--once');
      expect(once.code, once.stderr).toBe(0);
      await world.tmux('has-session', '-t', '=web');
      rmSync(state, { recursive: true });
      expect((await world.muxlet('--state', state, 'get', 'projects')).code).toBe(0);
    }),
  MANY_VERBS,
);

test('[S38] an agent or project that is not there is an error, and never another one instead', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
    world.spec('web-2.yaml', projectYaml('web-2', { dev: SLEEP }));
    await Promise.all([world.ready('web'), world.ready('web-2')]);
    for (const args of [
      ['logs', 'web', '-a', 'de'],
      ['logs', 'web', '-a', '0'],
      ['logs', 'we'],
      ['describe', 'agent', 'web.orchestrator'],
      ['get', 'agent', 'web.te'],
      ['get', 'project', 'we'],
      ['get', 'project', 'web*'],
      ['delete', 'project', 'we'],
      ['delete', 'project', 'web-'],
    ]) {
      const { code, stderr, stdout } = await world.muxlet(...args);
      expect(code, `${args.join(' ')}: ${stdout}`).not.toBe(0);
      expect(stderr, args.join(' ')).toMatch(/not found|no such|no agent|there is no|invalid|name/i);
    }
    for (const name of ['web', 'web-2']) expect(world.agent(name, 'dev')).toMatchObject({ ready: true, restarts: 0 });
  }));

test(
  '[S39] reading verbs leave every byte and time as it is, with a controller and without',
  () =>
    withWorld(async (world) => {
      const controller = await world.start();
      world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
      world.spec('broken.yaml', 'kind: [');
      await world.ready('web');
      await world.muxlet('get', 'all');
      const look = async (): Promise<unknown> => [
        snapshot(world.state),
        snapshot(world.specs),
        await world.tmux('list-panes', '-a', '-F', '#{session_id} #{window_id} #{pane_id} #{pane_pid} #{pane_in_mode}'),
        await world.tmux('show-options', '-g'),
      ];
      const readAll = async (): Promise<void> => {
        // At once as well: they do not get into each other's way either.
        await Promise.all(
          READING.map(async (args) => {
            const { code, stderr } = await world.muxlet(...args);
            expect([0, 1], `${args.join(' ')}: ${stderr}`).toContain(code);
          }),
        );
      };
      // The controller itself makes its log empty, once nothing was added to it for some seconds.
      await until('it is at rest', () => statSync(join(world.state, 'ahead.ndjson')).size === 0);
      const running = await look();
      await readAll();
      for (let round = 0; round < 1000; round += 1) {
        const path = ['/metrics', '/healthz', '/readyz'][round % 3] ?? '/';
        const response = await fetch(`${controller.address}${path}`);
        await response.text();
        expect(response.status).toBe(200);
      }
      expect(await look()).toEqual(running);
      await controller.end();
      const ended = await look();
      await readAll();
      expect(await look()).toEqual(ended);
    }),
  MANY_VERBS,
);
