import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentProcesses } from '../support/agents.ts';
import { ask, metric } from '../support/scrape.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

/** Runs with a file system of its own below the state directory, which can be made full and roomy again. */
async function withSmallDisk(
  world: World,
  run: (disk: { fill(): void; clear(): void }) => Promise<void>,
): Promise<void> {
  mkdirSync(world.state, { mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512m,mode=0700', 'muxlet-test', world.state]);
  const resize = (bytes: number): void => {
    execFileSync('mount', ['-o', `remount,size=${bytes}`, world.state]);
  };
  try {
    await run({
      fill() {
        const { blocks, bfree, bsize } = statfsSync(world.state);
        resize(Math.max(blocks - bfree, 1) * bsize); // 0 would mean no limit
      },
      clear: () => {
        resize(512 * 1024 * 1024);
      },
    });
  } finally {
    execFileSync('umount', ['-l', world.state]);
  }
}

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)('[S143] a full disk costs no agent and no record: it is told, and healed when there is room', () =>
  withWorld((world) =>
    withSmallDisk(world, async (disk) => {
      world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
      const running = await world.start('--resync', '1s');
      const { metadata } = await world.ready('web');
      expect(await ask(running, '/readyz')).toMatchObject({ status: 200 });
      const before = agentProcesses(world);
      const file = join(world.state, 'status/project/web.json');
      const record = readFileSync(file, 'utf8');

      disk.fill();
      const victim = world.agent('web', 'dev')?.pid ?? 0;
      signalProcess(victim, 'SIGKILL');
      await until('the killed agent is back', () => {
        const now = agentProcesses(world);
        return now.length === 2 && now.every(({ pid }) => pid !== victim);
      });
      const kept = before.find(({ pid }) => pid !== victim)?.pid;
      expect(agentProcesses(world).map(({ pid }) => pid)).toContain(kept);
      expect(readFileSync(file, 'utf8')).toBe(record);
      await until('readyz says it', async () => (await ask(running, '/readyz')).text.includes('[-]state failed'));
      expect(await metric(running, 'muxlet_state_unwritable')).toBe(1);
      expect(await metric(running, 'muxlet_state_writes_total{result="error"}')).toBeGreaterThan(0);
      expect((await ask(running, '/healthz')).status).toBe(200);
      expect(running.log()).toContain('ENOSPC');
      // A new agent starts on a full disk too.
      world.spec('api.yaml', projectYaml('api', { dev: SLEEP }));
      await until('a third agent runs', () => agentProcesses(world).length === 3);

      disk.clear();
      await until('healed', async () => (await ask(running, '/readyz')).status === 200);
      await until('the record is as it should be', () => world.agent('web', 'dev')?.restarts === 1);
      expect(world.status('web')?.metadata.uid).toBe(metadata.uid);
      expect(await metric(running, 'muxlet_state_unwritable')).toBe(0);
      const events = await world.muxlet('events', '-o', 'json');
      expect(events.stdout).toContain('StateUnwritable');
      expect(events.stdout).toContain('StateWritable');
      expect(await metric(running, 'muxlet_state_problems_total{type="WriteFailed"}')).toBeGreaterThan(0);
    }),
  ),
);

test.runIf(isRoot)(
  '[S143] [S26] on a full disk the controller comes back to agents that run, but makes no first session',
  () =>
    withWorld((world) =>
      withSmallDisk(world, async (disk) => {
        disk.fill();
        world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
        const refused = await world.muxlet('run', '--listen', '127.0.0.1:0');
        expect(refused.code).toBe(1);
        expect(refused.stderr).toContain('disk');
        await expect(world.tmux('list-sessions')).rejects.toThrow();
        disk.clear();
        const first = await world.start();
        await world.ready('web');
        const before = agentProcesses(world);
        await first.end('SIGKILL');
        disk.fill();
        const second = await world.start('--resync', '1s');
        signalProcess(before[0]?.pid, 'SIGKILL');
        await until('it is back', () => agentProcesses(world).some(({ pid }) => pid !== before[0]?.pid));
        expect(second.process.exitCode).toBeNull();
      }),
    ),
);

test('[S143] a state directory that became read-only by its kind is told all the same', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const running = await world.start('--resync', '1s');
    await world.ready('web');
    const before = agentProcesses(world);
    // A file stands where a folder should be: no write below it can succeed, whoever we are.
    await until('the folder was replaced', () => {
      execFileSync('rm', ['-rf', join(world.state, 'status')]);
      writeFileSync(join(world.state, 'status'), '', { flag: 'wx' });
      return true;
    });
    await until('told', async () => (await ask(running, '/readyz')).text.includes('[-]state failed'));
    expect(agentProcesses(world)).toEqual(before);
    execFileSync('rm', ['-f', join(world.state, 'status')]);
    await until('healed', () => world.status('web') !== undefined);
  }));
