import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startMailServer } from '../../support/mail-server.ts';
import { standIns } from '../reading/support.ts';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';
import { alertYaml, byMail, receiver, texts, titles, writing } from './support.ts';

const SECRET = 'correct-horse-battery-staple';
const PACE = { wait: '1s', interval: '1s', repeat: '1m' } as const;

/** Told only if it is shown the secret. */
function byFile(world: World) {
  const env = [{ name: 'TOKEN', valueFrom: { env: 'ALERT_TOKEN' } }];
  return { name: 'file', command: { argv: ['sh', '-c', `[ -n "$TOKEN" ] && ${writing(world)}`], env } };
}

test('[S98] an agent that waits for a person is told of once, over hours, restarts and a lost state; no secret stands anywhere', () =>
  withWorld(async (world) => {
    const server = await startMailServer();
    try {
      world.env['ALERT_TOKEN'] = SECRET;
      const receivers = [byFile(world), byMail('oncall', server.port)];
      world.spec('alert.yaml', alertYaml('me', { group: PACE, receivers }));
      const first = await world.start();
      const [dev] = standIns(world, ['dev']);
      await dev?.shown({ state: 'Starting' });
      dev?.does({ hook: { path: dev.hooks(), event: 'Prompt', prompt: 'build', session_id: 'b' } });
      await dev?.shown({ state: 'Busy' });
      expect(titles(world)).toEqual([]);
      dev?.does({ hook: { path: dev.hooks(), event: 'Permission', tool: 'Bash', session_id: 'b' } });
      await dev?.shown({ state: 'Waiting' });
      await until('it is told', () => titles(world).length === 1 && server.mails.length === 1);
      expect(titles(world)[0]).toMatch(/^agent web.dev WaitingForInput: /);
      expect(texts(server.mails)[0]).toContain('> muxlet attach web -a dev');

      await first.end('SIGKILL');
      const second = await world.start();
      await dev?.shown({ state: 'Waiting' });
      await holds('it is not told again', 1500, () => titles(world).length === 1 && texts(server.mails).length === 1);

      const { stdout, code } = await world.muxlet('alert', 'test', 'me');
      expect({ stdout, code }).toEqual({ stdout: 'file: delivered\noncall: delivered\n', code: 0 });
      expect((await world.muxlet('alert', 'test', 'me', '--receiver', 'oncal')).code).toBe(1);
      expect(texts(server.mails)).toHaveLength(2);

      const kept = join(world.state, 'alerts', 'me.json');
      expect(statSync(kept).mode & 0o777).toBe(0o600);
      await world.muxlet('recover', 'diagnostics', '-o', join(world.root, 'all.tar.gz'));
      const archive = gunzipSync(readFileSync(join(world.root, 'all.tar.gz'))).toString('latin1');
      for (const text of [archive, readFileSync(kept, 'utf8'), first.log(), second.log()])
        expect(text).not.toContain(SECRET);

      await second.end();
      rmSync(world.state, { recursive: true });
      world.spec(
        'other.yaml',
        projectYaml('other', { dev: { command: ['sh', '-c', 'exit 3'], restartPolicy: 'Never' } }),
      );
      await world.start();
      await until('what happens now is told', () => titles(world).some((title) => title.includes(' AgentFailed')));
      expect(titles(world).filter((title) => title.includes(' WaitingForInput'))).toHaveLength(1);
    } finally {
      await server.close();
    }
  }));

test('muxlet run --once tells what waits before it ends, and what it could not tell the next one does', () =>
  withWorld(async (world) => {
    const task = projectYaml('task', { dev: { command: ['sh', '-c', 'exit 0'], restartPolicy: 'Never' } });
    world.spec('task.yaml', task);
    world.spec('alert.yaml', alertYaml('me', { receivers: [byFile(world)] }));
    // Without the variable it cannot be told.
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    expect(titles(world)).toEqual([]);
    expect(receiver(world, 'me', 'file')).toMatchObject({ waiting: 1, dropped: 0 });
    world.env['ALERT_TOKEN'] = SECRET;
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    expect(titles(world)).toHaveLength(1);
  }));
