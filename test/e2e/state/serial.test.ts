import { expect, test } from 'vitest';
import { agentNames, pidsOf } from '../support/agents.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

test('[S71] asking for the status never waits for the controller, nor the controller for it', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const running = await world.start();
    await world.ready('web');
    running.process.kill('SIGSTOP');
    const verbs = [['get', 'projects'], ['get', 'agents'], ['describe', 'project', 'web'], ['events'], ['plan']];
    const stopped = await Promise.all(verbs.map((verb) => world.muxlet(...verb)));
    expect(stopped.map(({ code }) => code)).toEqual(verbs.map(() => 0));
    running.process.kill('SIGCONT');
    const asked = Promise.all(Array.from({ length: 8 }, () => world.muxlet('get', 'projects', '-o', 'name')));
    world.spec('api.yaml', projectYaml('api', { dev: SLEEP }));
    await world.ready('api');
    for (const { code, stdout } of await asked) {
      expect(code).toBe(0);
      expect(stdout).toContain('project/web');
    }
  }));

test('[S139] apply, change and delete of one project side by side end in one of the states that were asked for', () =>
  withWorld(async (world) => {
    await world.start('--resync', '1s');
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    const other = await world.ready('other');
    const before = pidsOf(world, 'other');
    for (const value of ['100001', '100002', '100003']) {
      world.spec(`../in-${value}.yaml`, projectYaml('web', { dev: ['sleep', value] }));
    }
    const results = await Promise.all([
      ...['100001', '100002', '100003'].map((value) => world.muxlet('apply', '-f', `${world.root}/in-${value}.yaml`)),
      world.muxlet('delete', 'project', 'web', '--ignore-not-found'),
      world.muxlet('label', 'project', 'web', 'team=a'),
    ]);
    for (const { code, stderr } of results) if (code !== 0) expect(stderr).toMatch(/MUX_\w+|not found/);
    expect((await world.muxlet('apply', '-f', `${world.root}/in-100002.yaml`)).code).toBe(0);
    await until('the last word holds', async () => {
      const { metadata, status } = await world.ready('web');
      return status.observedGeneration === metadata.generation && agentNames(world).length === 2;
    });
    const web = await world.ready('web');
    expect(agentNames(world)).toEqual([`${web.metadata.uid}/dev`, `${other.metadata.uid}/dev`].sort());
    expect(pidsOf(world, 'other')).toEqual(before);
  }));

test('[S146] of projects that share a file and a working directory, a failure is that one project’s alone', () =>
  withWorld(async (world) => {
    const bad = { command: ['sh', '-c', 'exit 3'], restartPolicy: 'Never' };
    const documents = [
      projectYaml('good', { dev: { command: SLEEP, workingDir: world.work } }),
      projectYaml('bad', { dev: { ...bad, workingDir: world.work } }),
      projectYaml('fine', { dev: { command: SLEEP, workingDir: world.work } }),
    ];
    world.spec('all.yaml', documents.join('\n---\n'));
    await world.start();
    await Promise.all([world.ready('good'), world.ready('fine')]);
    await until('bad failed', () => world.status('bad')?.status.phase === 'Failed');
    const phases = () => ['good', 'bad', 'fine'].map((name) => world.status(name)?.status.phase).join();
    await holds('nobody else is marked', 1000, () => phases() === 'Running,Failed,Running');
  }));
