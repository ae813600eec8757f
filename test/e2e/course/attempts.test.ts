import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PHASES_AFTER } from '../../../controller/reconcile/project/phase.ts';
import { classYaml, program } from '../health/support.ts';
import { agentNames } from '../support/agents.ts';
import { metric } from '../support/scrape.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { followPhases, reasons, runOf, stage } from './support.ts';

const RETRY = { limit: 2, initialBackoff: '1s', maxBackoff: '1s' };

test(
  '[S3] a project whose agent ends badly is tried again as often as it may be, with pauses, and then has failed',
  () =>
    withWorld(async (world) => {
      const starts = join(world.root, 'starts');
      writeFileSync(starts, '');
      const command = ['sh', '-c', `echo start >> ${starts}; echo out of luck; exit 3`];
      const agents = { dev: { command, restartPolicy: 'Never' }, done: { command: ['true'], restartPolicy: 'Never' } };
      world.spec('web.yaml', projectYaml('web', agents, { retry: RETRY }));
      const phases = followPhases(world, 'web');
      const running = await world.start();
      const pause = await stage(world, 'web', 'BackingOff');
      expect(pause.phase).toBe('Recovering');
      expect(pause.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False' }));
      expect(pause.attempts).toMatchObject([{ attempt: 1, result: 'Failed', reason: 'AgentFailed' }]);
      expect(pause.attempts?.[0]?.message).toContain('dev: exited with 3');
      const waits = Date.parse(pause.run?.nextAttemptAt ?? '') - Date.parse(pause.run?.stageSince ?? '');
      expect(waits).toBeGreaterThanOrEqual(800);
      expect(waits).toBeLessThanOrEqual(1200);
      const failed = await stage(world, 'web', 'Finished');
      expect(failed).toMatchObject({ phase: 'Failed', run: { attempt: 3, result: 'Failed', reason: 'AgentFailed' } });
      expect(failed.attempts?.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      await holds('that was it', 1500, () => readFileSync(starts, 'utf8').split('\n').length === 4);
      expect(await reasons(world, 'web')).toMatchObject({ RetryBackoff: 2, AgentFailed: 1 });
      expect(await metric(running, 'muxlet_project_attempts_total{result="Failed",reason="AgentFailed"}')).toBe(3);
      expect(await metric(running, 'muxlet_project_duration_seconds_count{result="Failed"}')).toBe(1);
      phases.end();
      for (const [index, phase] of phases.seen.slice(1).entries()) {
        const before = phases.seen[index] as keyof typeof PHASES_AFTER;
        expect(PHASES_AFTER[before]).toContain(phase);
      }
      expect((await world.muxlet('describe', 'project', 'web')).stdout).toMatch(
        /Result: +Failed \(AgentFailed\): dev: exited with 3/,
      );
      expect((await world.muxlet('get', 'projects', '-o', 'wide')).stdout).toContain('Failed (AgentFailed)');
    }),
  120_000,
);

test('[S4] [S145] an attempt that succeeds makes the project complete, across a controller that is killed in the pause', () =>
  withWorld(async (world) => {
    const flag = join(world.root, 'flag');
    const command = ['sh', '-c', `[ -e ${flag} ] || exit 1`];
    const agents = { dev: { command, restartPolicy: 'Never' }, other: { command: ['true'], restartPolicy: 'Never' } };
    world.spec('web.yaml', projectYaml('web', agents, { retry: { limit: 1, initialBackoff: '2s' } }));
    const first = await world.start();
    await stage(world, 'web', 'BackingOff');
    await first.end('SIGKILL');
    writeFileSync(flag, '');
    await world.start();
    const done = await stage(world, 'web', 'Finished');
    expect(done).toMatchObject({ phase: 'Completed', run: { attempt: 2, result: 'Completed' } });
    expect(done.attempts?.map(({ result }) => result)).toEqual(['Failed', 'Completed']);
  }));

test(
  '[S10] [S54] a project whose agents are all stuck, and were recovered as often as they may be, has failed and names them',
  () =>
    withWorld(async (world) => {
      program(world, 'hangs', '#!/usr/bin/env node\nprocess.stdin.resume(); setInterval(() => {}, 1 << 30);\n');
      const health = { hungAfterSeconds: 10, maxRecoveriesPerHour: 1 };
      world.spec('hangs.yaml', classYaml('hangs', { command: ['hangs'], health, backoff: { initialSeconds: 0.1 } }));
      world.spec('web.yaml', projectYaml('web', { one: { class: 'hangs' }, two: { class: 'hangs' } }));
      world.spec('mixed.yaml', projectYaml('mixed', { one: { class: 'hangs' }, works: SLEEP }));
      await world.start();
      const failed = await stage(world, 'web', 'Finished', 55_000);
      expect(failed).toMatchObject({ phase: 'Failed', run: { result: 'Failed', reason: 'RecoveriesExhausted' } });
      expect(failed.run?.message).toMatch(/one: .*two: /);
      const uid = world.status('web')?.metadata.uid ?? '';
      expect(agentNames(world).filter((name) => name.startsWith(uid))).toEqual([]);
      // [S53] With one that works, the project runs on, and says that it is not well.
      const mixed = await until(
        'one is left alone',
        () => {
          const status = world.status('mixed')?.status;
          return status?.agents[0]?.reason === 'RecoveriesExhausted' ? status : undefined;
        },
        40_000,
      );
      expect(mixed).toMatchObject({ phase: 'Running', run: { stage: 'Active' } });
      expect(mixed.conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', status: 'False', reason: 'RecoveriesExhausted' }),
      );
      expect(world.agent('mixed', 'works')).toMatchObject({ ready: true, restarts: 0 });
      expect(runOf(world, 'mixed')?.result).toBeUndefined();
    }),
  120_000,
);
