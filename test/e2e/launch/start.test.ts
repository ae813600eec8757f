import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, MAIN, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { condition, events, muxletWith, script } from './support.ts';

test('[S1] a session that vanishes as soon as it was made is never said to run, is made again, and keeps nobody waiting', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('first.yaml', projectYaml('first', { dev: SLEEP }));
    await world.ready('first');
    // tmux reports success for new-session, and takes the session away right after the command line.
    const hook = `if -F '#{==:#{hook_session_name},web}' 'kill-session -t =web'`;
    await world.tmux('set-hook', '-g', 'session-created', hook);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    await until('it was tried', () => world.status('web') !== undefined);
    await holds('web is not said to be ready', 1000, () => condition(world.status('web'), 'Ready')?.status !== 'True');
    expect(condition(world.status('web'), 'SessionUp')).toMatchObject({ status: 'False' });
    expect(condition(world.status('web'), 'SessionUp')?.reason).toMatch(/SessionMissing|ActionFailed/);

    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    await world.ready('other');
    await world.tmux('set-hook', '-gu', 'session-created');
    await world.ready('web');
    expect(await world.tmux('list-windows', '-t', '=web:', '-F', '#{window_name}')).toBe('dev');
  }));

test('[S3] an agent whose program is missing or ends at once is not running, and its end says how and with which words', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec(
      'web.yaml',
      projectYaml('web', {
        missing: ['no-such-program-at-all', '--flag'],
        quick: script('echo cannot find the model >&2; exit 3'),
        killed: script('kill -9 $$'),
        good: SLEEP,
      }),
    );
    const agent = (name: string) => world.agent('web', name);
    await until('all three loop', () =>
      ['missing', 'quick', 'killed'].every((name) => agent(name)?.state === 'CrashLoopBackOff'),
    );
    expect(agent('missing')?.lastExit).toMatchObject({ reason: 'Error', exitCode: 127 });
    // tmux may close a terminal before the kernel has handed it the last words (seen once in dozens of runs).
    const words = (name: string, text: string) =>
      until(`${name} says ${text}`, () => agent(name)?.lastExit?.output.join('\n').includes(text) === true);
    await words('missing', 'no-such-program-at-all');
    expect(agent('quick')).toMatchObject({ ready: false, lastExit: { reason: 'Error', exitCode: 3 } });
    await words('quick', 'cannot find the model');
    expect(agent('killed')?.lastExit).toMatchObject({ reason: 'Signal', signal: 9 });
    expect(agent('good')).toMatchObject({ ready: true, restarts: 0 });
    expect(condition(world.status('web'), 'Ready')).toMatchObject({ status: 'False', reason: 'CrashLoopBackOff' });
    expect(world.status('web')?.status.phase).not.toBe('Running');
    const { stdout } = await world.muxlet('describe', 'project', 'web');
    expect(stdout).toContain('exit code 3');
    expect(stdout).toContain('cannot find the model');
  }));

test('[S4] a project that is set up runs, and is not called complete, however long nothing happens', () =>
  withWorld(async (world) => {
    await world.start('--resync', '300ms');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: { command: SLEEP, restartPolicy: 'Never' } }));
    await world.ready('web');
    await holds('it runs', 1500, () => world.status('web')?.status.phase === 'Running');
    expect(condition(world.status('web'), 'Complete')?.status).not.toBe('True');
    expect((await events(world)).map(({ reason }) => reason)).not.toContain('Completed');
  }));

test('[S14] an end without a word still has a reason: the code, how long it ran, the command and the directory', () =>
  withWorld(async (world) => {
    await world.start();
    const command = script('exit 7');
    const dev = { command, workingDir: world.work, restartPolicy: 'Never' };
    world.spec('web.yaml', projectYaml('web', { dev }));
    await until('it ended for good', () => world.agent('web', 'dev')?.state === 'Exited');
    expect(world.agent('web', 'dev')).toMatchObject({ reason: 'Failed', lastExit: { exitCode: 7, output: [] } });
    expect(world.agent('web', 'dev')?.message).toMatch(/^exited with 7 after \d+\.\d s$/);
    expect(condition(world.status('web'), 'Ready')?.message).toContain('dev: exited with 7');
    const { stdout } = await world.muxlet('describe', 'agent', 'web.dev');
    expect(stdout).toContain('sh -c exit 7');
    expect(stdout).toContain(world.work);
    expect(stdout).not.toMatch(/None|undefined|null|\[object/);
  }));

test('[S14] what tmux refuses to do is told with what was tried and what tmux said', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('first.yaml', projectYaml('first', { dev: SLEEP }));
    await world.ready('first');
    await world.tmux('set-hook', '-g', 'after-new-session', 'kill-session -t =web');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const failed = await until('the failure is an event', async () =>
      (await events(world)).find(({ reason }) => reason === 'ActionFailed'),
    );
    expect(failed.message).toMatch(/^create session web \(dev\): ./);
    expect(failed.message).not.toMatch(/undefined|null|None/);
    await world.tmux('set-hook', '-gu', 'after-new-session');
    // The pauses between the tries have grown; whatever happens to the object has it looked at now.
    expect((await world.muxlet('label', 'project', 'web', 'look=now')).code).toBe(0);
    await world.ready('web');
  }));

test('[S18] an agent finds itself exactly in the directory that its spec names, relative ones counted from the file', () =>
  withWorld(async (world) => {
    const tell = (name: string) => script(`pwd -P > ${world.work}/${name}; exec sleep 100000`);
    const odd = join(world.work, `it's a "dir" #{pane_id} $HOME;`);
    mkdirSync(odd);
    mkdirSync(join(world.specs, 'team', 'here'), { recursive: true });
    mkdirSync(join(world.work, 'real'));
    symlinkSync(join(world.work, 'real'), join(world.work, 'link'));
    await world.start();
    world.spec(
      'team/web.yaml',
      projectYaml(
        'web',
        {
          odd: { command: tell('odd'), workingDir: odd },
          relative: { command: tell('relative'), workingDir: './here' },
          link: { command: tell('linked'), workingDir: join(world.work, 'link') },
          inherited: { command: tell('inherited') },
        },
        { workingDir: '..' },
      ),
    );
    await world.ready('web');
    const where = (name: string) => until(name, () => readFileSync(join(world.work, name), 'utf8').trimEnd());
    expect(await where('odd')).toBe(odd);
    expect(await where('relative')).toBe(join(world.specs, 'team', 'here'));
    expect(await where('linked')).toBe(join(world.work, 'real'));
    expect(await where('inherited')).toBe(world.specs);
  }));

test('[S26] all that keeps agents from being started is told at once, before any session is made', () =>
  withWorld(async (world) => {
    await world.start();
    const file = join(world.work, 'a-file');
    writeFileSync(file, '');
    world.spec(
      'web.yaml',
      projectYaml('web', {
        gone: { command: SLEEP, workingDir: join(world.work, 'gone') },
        file: { command: SLEEP, workingDir: file },
        secret: { command: SLEEP, env: [{ name: 'TOKEN', valueFrom: { file: join(world.work, 'token') } }] },
        variable: { command: SLEEP, env: [{ name: 'TOKEN', valueFrom: { env: 'NOT_SET_ANYWHERE' } }] },
      }),
    );
    const stalled = await until('it is stalled', () => {
      const found = condition(world.status('web'), 'Stalled');
      return found?.status === 'True' ? found : undefined;
    });
    expect(stalled.reason).toBe('WorkingDirMissing');
    expect(world.status('web')?.status.agents.map(({ reason }) => reason)).toEqual([
      'WorkingDirMissing',
      'WorkingDirNotADirectory',
      'EnvFileMissing',
      'EnvVariableMissing',
    ]);
    const message = condition(world.status('web'), 'Ready')?.message ?? '';
    for (const name of ['gone', 'file', 'secret', 'variable']) expect(message).toContain(`${name}: `);
    await expect(world.tmux('has-session', '-t', '=web')).rejects.toThrow();

    mkdirSync(join(world.work, 'gone'));
    await until('what can be started is', () => world.agent('web', 'gone')?.ready === true);
  }));

test('[S26] without tmux and git nothing is begun, and all that lacks is told at once, with what to install', () =>
  withWorld(async (world) => {
    const bin = join(world.root, 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    const env = { ...world.env, PATH: bin };
    const run = await muxletWith(world, ['run', '--listen', '127.0.0.1:0'], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/tmux: not installed.*apt-get install tmux/);
    expect(run.stderr).toMatch(/git: not installed.*apt-get install git/);
    expect(readdirSync(world.root)).not.toContain('state');
    const doctor = await muxletWith(world, ['doctor', '--specs', join(world.root, 'no-specs')], { env });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/tmux/);
    expect(doctor.stdout).toMatch(/git/);
    expect(doctor.stdout).toContain(join(world.root, 'no-specs'));
  }));

test('[S26] a state directory that cannot be made ends the start before anything is done', () =>
  withWorld(async (world) => {
    const file = join(world.root, 'file');
    writeFileSync(file, '');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const { code, stderr } = await world.muxlet('run', '--listen', '127.0.0.1:0', '--state', join(file, 'state'));
    expect(code).toBe(1);
    expect(stderr).toContain(join(file, 'state'));
    expect(stderr).not.toMatch(/^\s+at /m);
    await expect(world.tmux('list-sessions')).rejects.toThrow();
    expect(execFileSync(process.execPath, [MAIN, 'version'], { env: world.env }).length).toBeGreaterThan(0);
  }));
