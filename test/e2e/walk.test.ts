import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, withWorld } from './support/world.ts';

test('a spec that is dropped becomes a session; killed it comes back, changed it follows, removed it goes', () =>
  withWorld(async (world) => {
    await world.start();
    const file = world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
    const first = await world.ready('web');
    expect(await world.tmux('list-windows', '-t', '=web:', '-F', '#{window_name}')).toBe('dev\ntest');

    await world.tmux('kill-session', '-t', '=web');
    await until('both agents run again', () => {
      const agents = world.status('web')?.status.agents ?? [];

      return agents.every(({ ready, restarts }) => ready && restarts === 1) && agents.length === 2;
    });
    const before = world.agent('web', 'test')?.pid;
    world.spec('web.yaml', projectYaml('web', { dev: ['sleep', '200000'], test: SLEEP }));
    await until(
      'dev is restarted',
      () => world.agent('web', 'dev')?.restarts === 2 && world.agent('web', 'dev')?.ready,
    );
    expect(world.agent('web', 'test')?.pid).toBe(before);
    expect(world.status('web')?.metadata).toMatchObject({ uid: first.metadata.uid, generation: 2 });

    rmSync(file);
    await until('nothing is left', () => world.status('web') === undefined);
    await expect(world.tmux('has-session', '-t', '=web')).rejects.toThrow();
  }));
