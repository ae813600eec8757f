import { expect, test } from 'vitest';
import type { SeenProject } from '../../../controller/runtime/project-worker.ts';
import { createHeartbeats } from '../../../controller/runtime/vitals/heartbeats.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

interface Seen {
  readonly heartbeatMs?: number;
  readonly run?: string;
  readonly stage?: string;
}

function project({ heartbeatMs = 4000, run = 'r', stage = 'Active' }: Seen = {}): SeenProject {
  return {
    key: 'project/web',
    uid: 'u',
    desired: { type: 'Present', project: { course: { ...(heartbeatMs > 0 && { deadline: { heartbeatMs } }) } } },
    tmux: { state: 'Known', value: { panes: [{ mark: { uid: 'u', agent: 'dev', run }, dead: false, pid: 7 }] } },
    status: { agents: [], run: { stage } },
  } as unknown as SeenProject;
}

/** @param cpuMs processor time of all its processes, as each look finds it */
function watching(cpuMs: () => number | undefined) {
  const clock = createFakeClock(1_000_000_000);
  let looks = 0;
  const heartbeats = createHeartbeats({
    clock,
    trees: (pids) => {
      looks += 1;
      const ms = cpuMs();
      return Promise.resolve(ms === undefined ? undefined : new Map(pids.map((pid) => [pid, { cpuMs: ms }])));
    },
    onError: (error) => {
      throw error;
    },
  });
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1000);
      for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
    }
  }
  return { clock, heartbeats, pass, looks: () => looks };
}

test('[S59] an agent that takes processor time gives signs of work; frozen, it gives none, however often it is looked at', async () => {
  let cpu = 0;
  let isFrozen = false;
  const { clock, heartbeats, pass, looks } = watching(() => (cpu += isFrozen ? 0 : 500));
  heartbeats.seen(project());
  await pass(10);
  const working = heartbeats.results('u')[0]?.at ?? 0;
  expect(clock.now() - working).toBeLessThanOrEqual(1000);
  isFrozen = true;
  const before = looks();
  await pass(20);
  expect(looks()).toBeGreaterThan(before + 15);
  expect(heartbeats.results('u')).toEqual([{ agent: 'dev', run: 'r', at: expect.any(Number) }]);
  expect((heartbeats.results('u')[0]?.at ?? 0) - working).toBeLessThanOrEqual(1000);
});

test('what only waits gives none, nor does a look that failed', async () => {
  let cpu = 0;
  const waits = watching(() => (cpu += 5));
  waits.heartbeats.seen(project());
  await waits.pass(10);
  expect(waits.heartbeats.results('u')).toEqual([]);
  const blind = watching(() => undefined);
  blind.heartbeats.seen(project());
  await blind.pass(10);
  expect(blind.heartbeats.results('u')).toEqual([]);
});

test('output in its window is one', async () => {
  const { clock, heartbeats, pass } = watching(() => 0);
  heartbeats.seen(project());
  await pass(5);
  heartbeats.listed([{ mark: { run: 'r' }, windowActivity: Math.floor(clock.now() / 1000) }]);
  expect(clock.now() - (heartbeats.results('u')[0]?.at ?? 0)).toBeLessThanOrEqual(1000);
});

test('nobody is watched without a deadline, after the end of the work, or once it is forgotten', async () => {
  for (const seen of [{ heartbeatMs: 0 }, { stage: 'Finished' }]) {
    const { heartbeats, pass, looks } = watching(() => 0);
    heartbeats.seen(project());
    heartbeats.seen(project(seen));
    await pass(60);
    expect(looks()).toBeLessThanOrEqual(1);
  }
});

test('another run begins with no signs', async () => {
  let cpu = 0;
  const { heartbeats, pass } = watching(() => (cpu += 500));
  heartbeats.seen(project());
  await pass(5);
  heartbeats.seen(project({ run: 's' }));
  expect(heartbeats.results('u')).toEqual([]);
});
