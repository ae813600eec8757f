import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { standIn } from '../health/stand-in.ts';
import { classStatus } from '../health/support.ts';
import { agentNames, agentProcesses } from '../support/agents.ts';
import { giveClock } from '../support/clock.ts';
import { metric } from '../support/scrape.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { reasons, runOf, stage } from './support.ts';

const HOUR = 3_600_000;
/** Works for a tenth of a second, and rests for as long. */
const WORKS = [
  'node',
  '-e',
  'const f = () => { const t = Date.now(); while (Date.now() - t < 100); setTimeout(f, 100); }; f();',
];

test(
  '[S59] [S60] work that goes on ends after its time and three extensions; work that stands still, after its time',
  () =>
    withWorld(async (world) => {
      // Long enough for a machine that is busy with other things to notice the work.
      const deadline = { after: '20s', heartbeatTimeout: '10s', extensions: 3, extendBy: '2s', grace: '1s' };
      world.spec('busy.yaml', projectYaml('busy', { dev: WORKS }, { deadline }));
      // tmux itself wakes the first process of a pane: what works, and is frozen, runs below it.
      const pidFile = join(world.root, 'pid');
      const below = ['sh', '-c', '"$@" & echo $! > "$0"; wait', pidFile, ...WORKS];
      world.spec('frozen.yaml', projectYaml('frozen', { dev: below }, { deadline }));
      const running = await world.start();
      await world.ready('frozen');
      const uid = world.status('frozen')?.metadata.uid;
      const frozen = await until('it runs', () => Number(readFileSync(pidFile, 'utf8')));
      signalProcess(frozen, 'SIGSTOP');
      // Nobody who looks makes a sign of work of it.
      const stale = await until(
        'it has finished',
        async () => {
          await world.muxlet('describe', 'project', 'frozen');
          await world.tmux('capture-pane', '-p', '-t', '=frozen:').catch(() => undefined);
          const status = world.status('frozen')?.status;
          return status?.run?.stage === 'Finished' ? status : undefined;
        },
        60_000,
      );
      expect(stale.run).toMatchObject({ result: 'Failed', reason: 'DeadlineExceeded', extensions: 0 });
      expect(stale.run?.activeSeconds).toBeGreaterThanOrEqual(20);
      expect(stale.run?.activeSeconds).toBeLessThan(25);
      expect(agentProcesses(world).filter((process) => process.uid === uid)).toEqual([]);
      const over = await stage(world, 'busy', 'Finished', 30_000);
      expect(over).toMatchObject({ phase: 'Failed', run: { reason: 'DeadlineExceeded', extensions: 3 } });
      // Its grace comes after that.
      expect(over.run?.activeSeconds).toBeGreaterThanOrEqual(27);
      expect(over.run?.activeSeconds).toBeLessThan(31);
      // A look that comes late may find two of them due at once.
      expect((await reasons(world, 'busy'))['DeadlineExtended']).toBeGreaterThanOrEqual(1);
      expect(await metric(running, 'muxlet_deadline_extensions_total')).toBe(3);
    }),
  120_000,
);

test('[S11] [S12] a tree that hangs past its time and ignores TERM is killed after ten seconds, and its project has its result at once', () =>
  withWorld(async (world) => {
    const deadline = { after: '2s', extensions: 0, grace: '1s' };
    const child = 'trap "" TERM HUP; sleep 100000 & while :; do sleep 1; done';
    const command = ['sh', '-c', `trap "" TERM HUP; sh -c '${child}' & while :; do sleep 1; done`];
    world.spec('web.yaml', projectYaml('web', { dev: { command } }, { deadline }));
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    await world.start();
    await world.ready('web');
    await world.ready('other');
    const uid = world.status('web')?.metadata.uid ?? '';
    const mine = (): string[] => agentNames(world).filter((name) => name.startsWith(uid));
    await until('TERM was sent', () => world.agent('web', 'dev')?.termination?.stage === 'Term', 20_000);
    const termed = Date.now();
    expect(world.agent('web', 'dev')?.termination?.reason).toBe('DeadlineExceeded');
    expect(mine().length).toBeGreaterThan(1);
    await until('the tree is gone', () => mine().length === 0, 20_000);
    const gone = Date.now();
    expect(gone - termed).toBeGreaterThan(9000);
    await stage(world, 'web', 'Finished', 2000);
    expect(world.status('web')?.status).toMatchObject({ phase: 'Failed', run: { reason: 'DeadlineExceeded' } });
    expect(world.agent('other', 'dev')).toMatchObject({ ready: true, restarts: 0 });
    // What was on its terminal stays to be seen.
    expect(await world.tmux('list-windows', '-t', '=web', '-F', '#{window_name}')).toBe('dev');
  }));

test(
  '[S145] a controller that is killed in the grace, and another in the ending, are followed by one that brings it to the same end',
  () =>
    withWorld(async (world) => {
      const deadline = { after: '2s', extensions: 0, grace: '4s' };
      const command = ['sh', '-c', 'trap "" TERM HUP; while :; do sleep 1; done'];
      world.spec('web.yaml', projectYaml('web', { dev: { command } }, { deadline }));
      const first = await world.start();
      const { run } = await stage(world, 'web', 'TimingOut');
      const pid = world.agent('web', 'dev')?.pid;
      await first.end('SIGKILL');
      const second = await world.start();
      await until('TERM was sent', () => world.agent('web', 'dev')?.termination?.stage === 'Term', 30_000);
      await second.end('SIGKILL');
      await world.start();
      const failed = await stage(world, 'web', 'Finished', 30_000);
      expect(failed.attempts).toMatchObject([{ attempt: 1, reason: 'DeadlineExceeded', startedAt: run?.startedAt }]);
      expect(failed.agents[0]).toMatchObject({ restarts: 0, lastExit: { pid, endedFor: 'DeadlineExceeded' } });
      expect(agentNames(world)).toEqual([]);
    }),
  120_000,
);

test('an agent whose time is over is told so once, and what it still does in its grace counts', () =>
  withWorld(async (world) => {
    const coder = standIn(world);
    const deadline = { after: '3s', extensions: 0, grace: '20s' };
    world.spec('web.yaml', projectYaml('web', { dev: { class: 'coder', restartPolicy: 'OnFailure' } }, { deadline }));
    await world.start();
    await world.ready('web');
    await stage(world, 'web', 'TimingOut');
    await until('it is told', () => coder.heard('dev').length === 1);
    expect(coder.heard('dev')[0]).toMatch(/The time for this work is over\. Save what you have now, and report/);
    await holds('once', 1000, () => coder.heard('dev').length === 1);
    await coder.says('dev', { status: 'idle', exit: 0 });
    const done = await stage(world, 'web', 'Finished', 5000);
    expect(done).toMatchObject({ phase: 'Completed', run: { result: 'Completed' } });
  }));

test('[S61] [S79] the clock of a deadline counts no jump of the time of day and no time without a controller', () =>
  withWorld(async (world) => {
    const setOffset = giveClock(world);
    world.spec(
      'web.yaml',
      projectYaml('web', { dev: SLEEP }, { deadline: { after: '8s', extensions: 0, grace: '1s' } }),
    );
    world.spec('quiet.yaml', projectYaml('quiet', { dev: SLEEP }, { size: 'medium' }));
    const first = await world.start();
    await stage(world, 'web', 'Active');
    const began = Date.now();
    await world.ready('quiet');
    setOffset(HOUR);
    world.spec('touch.yaml', projectYaml('touch', { dev: SLEEP }));
    await world.ready('touch');
    expect(runOf(world, 'web')?.stage).toBe('Active');
    setOffset(-HOUR);
    await first.end('SIGKILL');
    await holds('nobody looks', 3000, () => runOf(world, 'web')?.stage === 'Active');
    setOffset(7 * HOUR);
    await world.start();
    await until('it is looked at', () => world.muxlet('get', 'projects').then(({ code }) => code === 0));
    expect(runOf(world, 'web')?.stage).toBe('Active');
    setOffset(0);
    await stage(world, 'web', 'TimingOut', 20_000);
    // Those without a controller are not counted, nor is what a killed one had not written.
    expect(Date.now() - began).toBeGreaterThan(8000 + 3000 - 500);
    await stage(world, 'web', 'Finished', 20_000);
    const quiet = world.status('quiet')?.status;
    expect(quiet).toMatchObject({ phase: 'Running', run: { stage: 'Active', extensions: 0 } });
    expect(quiet?.run?.leftSeconds).toBeGreaterThan(6 * 3600 - 60);
  }));

test(
  '[S127] the clock stands still while the account is held, and while the project is suspended',
  () =>
    withWorld(async (world) => {
      const coder = standIn(world, { auth: { check: ['test', '-e', join(world.root, 'said', 'token')] } });
      const deadline = { after: '6s', extensions: 0, grace: '1s', heartbeatTimeout: '2s' };
      const spec = (suspend: boolean): string =>
        projectYaml('web', { dev: { class: 'coder' } }, { deadline, suspend, suspendPolicy: 'KeepSession' });
      world.spec('web.yaml', spec(false));
      await world.start();
      await world.ready('web');
      coder.logOut();
      await coder.says('dev', { status: 'out' });
      await until('it is held', () => world.status('web')?.status.phase === 'Authenticating');
      await until('the clock stands', () => runOf(world, 'web')?.countedAt === undefined);
      const held = runOf(world, 'web')?.activeSeconds ?? 0;
      await holds('it stands still', 6500, () => runOf(world, 'web')?.activeSeconds === held);
      await until('the check has failed', () => classStatus(world, 'coder')?.login?.check === 'Failed', 20_000);
      expect(runOf(world, 'web')).toMatchObject({ stage: 'Active', activeSeconds: held });
      expect((await world.muxlet('get', 'projects', '-o', 'wide')).stdout).toContain('(stands)');
      world.spec('web.yaml', spec(true));
      await stage(world, 'web', 'Waiting');
      coder.logIn();
      await coder.says('dev', { status: 'idle' });
      await holds('it stands still', 3000, () => runOf(world, 'web')?.activeSeconds === held);
      expect(world.status('web')?.status.phase).toBe('Suspended');
      world.spec('web.yaml', spec(false));
      await stage(world, 'web', 'TimingOut', 45_000);
      expect(runOf(world, 'web')?.activeSeconds).toBeLessThan(8);
    }),
  120_000,
);
