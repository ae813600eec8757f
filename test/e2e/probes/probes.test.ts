import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const condition = (world: World, type: string) =>
  world.status('web')?.status.conditions.find((candidate) => candidate.type === type);

test('an agent is ready when its probe says so, and unready again when it does not', () =>
  withWorld(async (world) => {
    await world.start();
    const readinessProbe = { exec: { command: ['test', '-e', 'up'] }, periodSeconds: 1, failureThreshold: 1 };
    world.spec('web.yaml', projectYaml('web', { dev: { command: SLEEP, readinessProbe } }, { workingDir: world.work }));
    await until('it is said why it is not ready', () =>
      condition(world, 'AgentsReady')?.message.includes('exited with 1'),
    );
    expect(condition(world, 'AgentsReady')).toMatchObject({ status: 'False', reason: 'ReadinessFailed' });
    expect(world.agent('web', 'dev')).toMatchObject({ ready: false, reason: 'ReadinessFailed', restarts: 0 });
    writeFileSync(join(world.work, 'up'), '');
    await world.ready('web');
    rmSync(join(world.work, 'up'));
    await until('it is not ready any more', () => condition(world, 'Ready')?.status === 'False');
    expect(world.agent('web', 'dev')).toMatchObject({ restarts: 0 });
  }));

test('an agent that is not alive is started again, and its new run is judged anew', () =>
  withWorld(async (world) => {
    await world.start();
    const livenessProbe = {
      exec: { command: ['sh', '-c', 'echo checking; test ! -e hung'] },
      periodSeconds: 1,
      failureThreshold: 2,
    };
    // Each run is well again by itself: however late we look, the new one is not judged by what the old one had.
    const command = ['sh', '-c', 'rm -f hung; : > began; exec sleep 100000'];
    world.spec('web.yaml', projectYaml('web', { dev: { command, livenessProbe } }, { workingDir: world.work }));
    await world.ready('web');
    await until('its run began', () => existsSync(join(world.work, 'began')));
    writeFileSync(join(world.work, 'hung'), '');
    await until('it runs again', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
    const { stdout } = await world.muxlet('events', '-o', 'json');
    expect(stdout).toContain('LivenessFailed');
    expect(stdout).toContain('liveness probe: exited with 1: checking');
    await holds('it is left alone', 2500, () => world.agent('web', 'dev')?.restarts === 1);
  }));

test("a probe runs in the agent's directory with its environment, and what hangs is killed with all it started", () =>
  withWorld(async (world) => {
    await world.start();
    writeFileSync(join(world.root, 'token'), 'sesame-open\n');
    const said = join(world.root, 'said');
    const script = `{ pwd; echo "$MUXLET_PROJECT/$MUXLET_AGENT $MODE $TOKEN"; tty; } > ${said}; sleep 54321 & wait`;
    const agent = {
      command: SLEEP,
      env: [
        { name: 'MODE', value: 'fast' },
        { name: 'TOKEN', valueFrom: { file: join(world.root, 'token') } },
      ],
      readinessProbe: { exec: { command: ['sh', '-c', script] }, failureThreshold: 1 },
    };
    world.spec('web.yaml', projectYaml('web', { dev: agent }, { workingDir: world.work }));
    await until('it is said that it hangs', () =>
      world.agent('web', 'dev')?.message?.includes('did not end within 1 s'),
    );
    expect(readFileSync(said, 'utf8')).toBe(`${world.work}\nweb/dev fast sesame-open\nnot a tty\n`);
    expect(JSON.stringify(world.status('web'))).not.toContain('sesame');
  }));

test('a probe is changed, added and removed without a restart, and ends with its project', () =>
  withWorld(async (world) => {
    await world.start();
    const log = join(world.root, 'probed');
    const probe = (word: string) => ({ exec: { command: ['sh', '-c', `echo ${word} >> ${log}`] }, periodSeconds: 1 });
    const web = (more: object) => projectYaml('web', { dev: { command: SLEEP, ...more } });
    const says = (word: string) =>
      until(`it says ${word}`, () => existsSync(log) && readFileSync(log, 'utf8').includes(word));
    const file = world.spec('web.yaml', web({}));
    await world.ready('web');
    const { run } = world.agent('web', 'dev') ?? {};
    world.spec('web.yaml', web({ livenessProbe: probe('one') }));
    await says('one');
    world.spec('web.yaml', web({ livenessProbe: probe('two'), readinessProbe: probe('three') }));
    await says('two');
    await says('three');
    await world.ready('web');
    expect(world.agent('web', 'dev')?.run).toBe(run);
    rmSync(file);
    await until('nothing is left', () => world.status('web') === undefined);
    writeFileSync(log, '');
    await holds('nobody probes', 1500, () => readFileSync(log, 'utf8') === '');
  }));
