import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startMailServer } from '../../support/mail-server.ts';
import { standIns } from '../reading/support.ts';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';
import { alertYaml, byMail, receiver, textOf } from './support.ts';

const SECRET = 'correct-horse-battery-staple';
const PACE = { wait: '1s', interval: '1s', repeat: '1m' } as const;

/** A receiver that writes down what it is told, if it is shown the secret. */
function byFile(world: World) {
  const script = `[ -n "$TOKEN" ] && echo "$MUXLET_NOTIFICATION_ID $MUXLET_REASON" >>${join(world.root, 'told')}`;
  const env = [{ name: 'TOKEN', valueFrom: { env: 'ALERT_TOKEN' } }];
  return { name: 'file', command: { argv: ['sh', '-c', script], env } };
}

function lines(world: World): readonly string[] {
  try {
    return readFileSync(join(world.root, 'told'), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
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
      expect(lines(world)).toEqual([]);
      dev?.does({ hook: { path: dev.hooks(), event: 'Permission', tool: 'Bash', session_id: 'b' } });
      await dev?.shown({ state: 'Waiting' });
      await until('it is told', () => lines(world).length === 1 && server.mails.length === 1);
      expect(lines(world)[0]).toMatch(/ WaitingForInput$/);
      expect(server.mails.map(textOf)[0]).toContain('> muxlet attach web -a dev');

      await first.end('SIGKILL');
      const second = await world.start();
      await dev?.shown({ state: 'Waiting' });
      await holds('it is not told again', 2500, () => lines(world).length === 1 && server.mails.length === 1);

      const { stdout, code } = await world.muxlet('alert', 'test', 'me');
      expect({ stdout, code }).toEqual({ stdout: 'file: delivered\noncall: delivered\n', code: 0 });
      expect((await world.muxlet('alert', 'test', 'me', '--receiver', 'oncal')).code).toBe(1);
      expect(server.mails).toHaveLength(2);

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
      await until('what happens now is told', () => lines(world).some((line) => line.endsWith(' AgentFailed')));
      expect(receiver(world, 'me', 'oncall')?.dropped).toBe(0);
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
    expect(lines(world)).toEqual([]);
    expect(receiver(world, 'me', 'file')).toMatchObject({ waiting: 1, dropped: 0 });
    world.env['ALERT_TOKEN'] = SECRET;
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    expect(lines(world)).toHaveLength(1);
    expect((await world.muxlet('run', '--once')).code).toBe(0);
    expect(lines(world)).toHaveLength(1);
  }));
