import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { muxletWith } from './support.ts';

test("[S32] names that tmux would take for patterns, places or commands are refused; every other one is the session's own", () =>
  withWorld(async (world) => {
    await world.start();
    for (const name of [
      'my.app',
      'a:b',
      'x*',
      '$(touch x)',
      '#(touch x)',
      'Web',
      '-web',
      'web-',
      '=web',
      '%1',
      '',
      'x'.repeat(64),
    ]) {
      const { code, stderr } = await muxletWith(world, ['apply', '-f', '-'], {
        input: projectYaml(name, { dev: SLEEP }),
      });
      expect(code, name).toBe(1);
      expect(stderr, name).toContain('metadata.name');
    }
    const agent = await muxletWith(world, ['apply', '-f', '-'], { input: projectYaml('web', { 'a.b': SLEEP }) });
    expect(agent.code).toBe(1);
    expect(agent.stderr).toContain('spec.agents[0].name');

    // Odd, but allowed: a number (as tmux names its own sessions), prefixes of each other, the longest.
    const names = ['0', 'web', 'web-app', 'web-app-2', 'x--y', 'n'.repeat(63)];
    world.spec(
      'all.yaml',
      names.map((name) => projectYaml(name, { 0: SLEEP, a: SLEEP, 'a-b': SLEEP })).join('\n---\n'),
    );
    await Promise.all(names.map(world.ready));
    const sessions = (await world.tmux('list-sessions', '-F', '#{session_name}')).split('\n');
    expect(sessions.filter((name) => name !== '_muxlet').sort()).toEqual([...names].sort());
    const listed = (await world.muxlet('get', 'projects', '-o', 'name')).stdout.trim().split('\n');
    expect(listed.map((line) => line.split('/')[1] ?? '').sort()).toEqual([...names].sort());

    await world.tmux('kill-session', '-t', '=web');
    await until('web is back', () => world.agent('web', 'a')?.restarts === 1 && world.agent('web', 'a')?.ready);
    world.spec(
      'all.yaml',
      names
        .slice(2)
        .map((name) => projectYaml(name, { 0: SLEEP, a: SLEEP, 'a-b': SLEEP }))
        .join('\n---\n'),
    );
    await until('the first two are gone', () => world.status('web') === undefined && world.status('0') === undefined);
    for (const name of names.slice(2)) {
      expect(world.status(name)?.status.agents.map(({ name: of, restarts }) => [of, restarts])).toEqual([
        ['0', 0],
        ['a', 0],
        ['a-b', 0],
      ]);
    }
  }));

test('[S33] files of the same name in two directories are independent projects', () =>
  withWorld(async (world) => {
    await world.start();
    const yaml = (name: string) => projectYaml(name, { dev: { command: SLEEP, workingDir: '.' } });
    world.spec('one/spec.yaml', yaml('one'));
    world.spec('two/spec.yaml', yaml('two'));
    const [one, two] = await Promise.all([world.ready('one'), world.ready('two')]);
    expect(one.metadata.uid).not.toBe(two.metadata.uid);
    expect(one.status.session?.id).not.toBe(two.status.session?.id);
    expect(one.status.agents[0]?.uid).not.toBe(two.status.agents[0]?.uid);
    const where = (name: string) => world.tmux('display-message', '-p', '-t', `=${name}:dev`, '#{pane_start_path}');
    expect(await where('one')).toBe(`${world.specs}/one`);
    expect(await where('two')).toBe(`${world.specs}/two`);
    const { code } = await world.muxlet('delete', 'project', 'one');
    expect(code).toBe(0);
    expect(world.status('one')).toBeUndefined();
    expect(world.agent('two', 'dev')).toMatchObject({ pid: two.status.agents[0]?.pid, ready: true, restarts: 0 });
  }));
