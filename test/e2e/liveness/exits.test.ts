import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';

const ENDS = {
  zero: { script: 'exit 0', exit: { reason: 'Completed', exitCode: 0 } },
  nonzero: { script: 'exit 3', exit: { reason: 'Error', exitCode: 3 } },
  signal: { script: 'kill -9 $$', exit: { reason: 'Signal', signal: 9 } },
} as const;

const RESTARTS = {
  Always: { zero: true, nonzero: true, signal: true },
  OnFailure: { zero: false, nonzero: true, signal: true },
  Never: { zero: false, nonzero: false, signal: false },
} as const;

const CASES = (['Always', 'OnFailure', 'Never'] as const).flatMap((policy) =>
  (['zero', 'nonzero', 'signal'] as const).map((end) => ({
    agent: `${policy.toLowerCase()}-${end}`,
    policy,
    end,
    again: RESTARTS[policy][end],
  })),
);

/*
 * The stand-ins wait a little before they end: what a program prints in its last moment may still be on its way through
 * the kernel when tmux closes the terminal (up to 3 of 60 lost by plain tmux 3.3a).
 */

/** Ends as told the first time it is started in this world, and stays the next time. */
function endsOnce(world: World, agent: string, script: string): string[] {
  const mark = join(world.work, agent);
  return [
    'sh',
    '-c',
    `[ -e ${mark} ] && exec sleep 100000; : > ${mark}; echo last words of ${agent}; sleep 0.1; ${script}`,
  ];
}

test('[S50] each way to end under each restart policy: restarted in place, or left as it ended with code and last lines', () =>
  withWorld(async (world) => {
    await world.start();
    const agents = Object.fromEntries(
      CASES.map(({ agent, policy, end }) => [
        agent,
        { command: endsOnce(world, agent, ENDS[end].script), restartPolicy: policy },
      ]),
    );
    world.spec('all.yaml', projectYaml('all', agents));
    await until('all have settled', () =>
      CASES.every(({ agent, again }) => {
        const now = world.agent('all', agent);
        return again ? now?.ready && now.restarts === 1 : now?.state === 'Exited' && now.lastExit !== undefined;
      }),
    );
    for (const { agent, end, again } of CASES) {
      const now = world.agent('all', agent);
      expect(now?.lastExit, agent).toMatchObject({ ...ENDS[end].exit, output: [`last words of ${agent}`] });
      expect(now?.restarts, agent).toBe(again ? 1 : 0);
      if (!again) expect(now?.message, agent).toContain(`last words of ${agent}`);
    }
    await holds('what is over stays over', 500, () =>
      CASES.every(({ agent, again }) => world.agent('all', agent)?.restarts === (again ? 1 : 0)),
    );
  }));

test('[S50] an agent that keeps failing is restarted at once, then after pauses that double up to the longest', () =>
  withWorld(async (world) => {
    await world.start();
    const starts = join(world.work, 'starts');
    writeFileSync(starts, '');
    const command = ['sh', '-c', `date +%s%3N >> ${starts}; echo no such model >&2; sleep 0.1; exit 42`];
    const backoff = { initialSeconds: 0.4, maxSeconds: 1.6, resetAfterSeconds: 60 };
    world.spec('sick.yaml', projectYaml('sick', { dev: { command, backoff } }));
    const times = await until('six starts', () => {
      const lines = readFileSync(starts, 'utf8').trim().split('\n').map(Number);
      return lines.length >= 6 && lines;
    });
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Each run lasts 100 ms. A pause that came too late would be as long as the next one is to be.
    for (const [index, [pause, tooLong]] of [
      [0, 400],
      [400, 800],
      [800, 1600],
      [1600, 3200],
      [1600, 3200],
    ].entries()) {
      expect(gaps[index], `gaps ${gaps.join()}`).toBeGreaterThanOrEqual((pause ?? 0) + 100);
      expect(gaps[index], `gaps ${gaps.join()}`).toBeLessThan((tooLong ?? 0) + 100);
    }
    const agent = await until('it waits', () => {
      const now = world.agent('sick', 'dev');
      return now?.state === 'CrashLoopBackOff' && now;
    });
    expect(agent).toMatchObject({ ready: false, reason: 'CrashLoopBackOff' });
    expect(agent.lastExit).toMatchObject({ reason: 'Error', exitCode: 42, output: ['no such model'] });
    expect(agent.message).toContain('exited with 42');
    expect(agent.message).toContain('no such model');
    expect(Date.parse(agent.nextRestartAt ?? '')).toBeGreaterThan(Date.parse(agent.lastExit?.finishedAt ?? ''));
    const described = await world.muxlet('describe', 'project', 'sick');
    for (const part of ['CrashLoopBackOff', '42', 'no such model']) expect(described.stdout).toContain(part);
  }));

test('[S50] a healthy time makes the next restart a first one again', () =>
  withWorld(async (world) => {
    await world.start();
    const well = join(world.work, 'well');
    const command = ['sh', '-c', `[ -e ${well} ] || exit 1; exec sleep 100000`];
    const backoff = { initialSeconds: 2, maxSeconds: 30, resetAfterSeconds: 1 };
    world.spec('dev.yaml', projectYaml('moody', { dev: { command, backoff } }));
    await until('it failed twice', () => (world.agent('moody', 'dev')?.failures ?? 0) >= 2);
    writeFileSync(well, '');
    await world.ready('moody');
    const pid = world.agent('moody', 'dev')?.pid ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const killedAt = Date.now();
    signalProcess(pid, 'SIGKILL');
    await until('another runs', () => {
      const now = world.agent('moody', 'dev');
      return now?.ready && now.pid !== pid;
    });
    expect(Date.now() - killedAt).toBeLessThan(1500);
    expect(world.agent('moody', 'dev')?.failures).toBe(1);
  }));

test('[S3] a program that cannot be started is a crash loop that names it, and other agents run', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('typo.yaml', projectYaml('typo', { dev: ['no-such-agent-binary'], ops: ['sleep', '100000'] }));
    const agent = await until('it is a crash loop', () => {
      const now = world.agent('typo', 'dev');
      return now?.state === 'CrashLoopBackOff' && now;
    });
    expect(agent.lastExit).toMatchObject({ exitCode: 127 });
    expect(agent.message).toContain('no-such-agent-binary');
    expect(world.agent('typo', 'ops')).toMatchObject({ ready: true, restarts: 0 });
    expect(world.status('typo')?.status.phase).not.toBe('Running');
  }));
