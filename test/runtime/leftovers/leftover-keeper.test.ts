import { expect, test } from 'vitest';
import type { Leftover, World } from '../../../controller/api/world.ts';
import { createLeftoverKeeper } from '../../../controller/runtime/leftovers/leftover-keeper.ts';

const HOUR = 3_600_000;

const ORPHAN: Leftover = {
  type: 'Orphan',
  project: 'web',
  uid: 'u',
  ownership: 'Ours',
  sessions: [],
  panes: [],
  processes: [],
  startedAt: 0,
};

/** A keeper with a clock that only the test moves on: a minute a look. */
function bench(
  seen: () => readonly Leftover[],
  facts: {
    specsUnsure?: () => boolean;
    mayAct?: () => boolean;
    isNobodys?: () => boolean;
    isStubborn?: boolean;
    ages?: Map<string, number>;
  } = {},
) {
  let time = 0;
  let ages = facts.ages ?? new Map<string, number>();
  let timers: { at: number; run: () => void }[] = [];
  const clock = {
    steady: () => time,
    after(ms: number, run: () => void) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const told = { ended: [] as string[], steps: 0, zombies: [] as string[], events: [] as string[], counted: 0 };
  const keeper = createLeftoverKeeper({
    clock,
    look: async () => ({ specsUnsure: facts.specsUnsure?.() ?? false }) as World,
    findLeftovers: seen,
    audit: () => seen().map(({ project }) => ({ type: 'Orphan', object: `project/${project}`, message: '' })),
    graceMs: HOUR,
    ages: { read: () => new Map(ages), write: (next) => void (ages = new Map(next)) },
    mayAct: async () => facts.mayAct?.() ?? true,
    onMismatches: (found) => {
      told.counted = found.length;
    },
    onZombie: (project) => told.zombies.push(project),
    isNobodys: () => facts.isNobodys?.() ?? true,
    end: ({ uid }) => {
      told.ended.push(uid);
      return async () => {
        told.steps += 1;
        return told.steps >= 3 && facts.isStubborn !== true;
      };
    },
    record: (_project, _uid, { reason }) => told.events.push(reason),
    onError: (error) => {
      throw error;
    },
  });
  keeper.start(new AbortController().signal);
  return {
    told,
    keeper,
    ages: () => ages,
    async advance(ms: number): Promise<void> {
      const end = time + ms;
      for (;;) {
        const next = [...timers].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        time = next.at;
        timers = timers.filter((other) => other !== next);
        next.run();
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      }
      time = end;
    },
  };
}

test('[S62] an orphan is left alone at 59 minutes, and ended at 61', async () => {
  const { told, advance } = bench((): readonly Leftover[] => (told.steps >= 3 ? [] : [ORPHAN]));
  await advance(59 * 60_000);
  expect(told).toMatchObject({ ended: [], events: [], counted: 1 });
  await advance(2 * 60_000 + 1000);
  expect(told).toMatchObject({ ended: ['u'], events: ['Orphaned'], steps: 3 });
});

test.each([
  ['of unknown age', undefined],
  ['from the future', 9e12],
  ['that has run for days', -9e8],
])('[S62] an orphan %s counts as young from when it was first seen', async (_, startedAt) => {
  const { told, advance } = bench(() => [{ ...ORPHAN, startedAt }]);
  await advance(60 * 60_000);
  expect(told.ended).toEqual([]);
  await advance(3 * 60_000);
  expect(told.ended).toEqual(['u']);
});

test('[S62] controllers that live for ten minutes each end it as well; the time in between does not count', async () => {
  let ages = new Map<string, number>();
  const ended: number[] = [];
  for (let life = 1; life <= 12; life += 1) {
    const { told, advance, ages: kept } = bench(() => [ORPHAN], { ages });
    await advance(10 * 60_000);
    ages = kept();
    if (told.ended.length > 0) ended.push(life);
  }
  // Nine minutes of each life are between its first look and its last.
  expect(ended[0]).toBe(7);
});

test('one that was no orphan for a while is young again', async () => {
  let seen: readonly Leftover[] = [ORPHAN];
  const { told, advance, ages } = bench(() => seen);
  await advance(50 * 60_000);
  seen = [];
  await advance(2 * 60_000);
  expect(ages().size).toBe(0);
  seen = [ORPHAN];
  await advance(30 * 60_000);
  expect(told.ended).toEqual([]);
});

test.each<[string, Partial<Leftover>]>([
  ["another controller's", { ownership: 'Others' }],
  ["nobody's for sure", { ownership: 'Unknown' }],
])('what is %s is never ended', async (_, more) => {
  const { told, advance } = bench(() => [{ ...ORPHAN, ...more }]);
  await advance(5 * HOUR);
  expect(told).toMatchObject({ ended: [], counted: 1 });
});

test('nothing is ended after one look alone, while a spec cannot be read, or without the lead', async () => {
  let looks = 0;
  const flicker = bench(() => (++looks % 4 < 2 ? [] : [ORPHAN]).slice(0, looks % 4 === 2 ? 1 : 0));
  await flicker.advance(5 * HOUR);
  expect(flicker.told.ended).toEqual([]);
  const unsure = bench(() => [ORPHAN], { specsUnsure: () => true });
  await unsure.advance(5 * HOUR);
  expect(unsure.told.ended).toEqual([]);
  const follower = bench(() => [ORPHAN], { mayAct: () => false });
  await follower.advance(5 * HOUR);
  expect(follower.told).toMatchObject({ ended: [], counted: 0 });
});

test('[S63] an orphan that is adopted while it is being ended is let be', async () => {
  let seen: readonly Leftover[] = [ORPHAN];
  const { told, advance } = bench(() => seen, { isStubborn: true });
  await advance(61 * 60_000 + 10_000);
  expect(told.ended).toEqual(['u']);
  expect(told.steps).toBeGreaterThan(10);
  seen = [];
  await advance(60_000);
  const { steps } = told;
  await advance(HOUR);
  expect(told.steps).toBe(steps);
  expect(told.ended).toEqual(['u']);
});

test('a zombie is told to its project, from the second look on', async () => {
  const { told, keeper, advance } = bench(() => [{ ...ORPHAN, type: 'Zombie' }]);
  await advance(70_000);
  expect(told.zombies).toEqual([]);
  await advance(60_000);
  expect(told.zombies).toEqual(['web']);
  expect(keeper.isZombie('u')).toBe(true);
  expect(keeper.isZombie('v')).toBe(false);
});

test('an orphan that is declared while it is being ended is let be at the next step, not at the next look', async () => {
  let declared = false;
  const { told, advance } = bench(() => [ORPHAN], { isStubborn: true, isNobodys: () => !declared });
  await advance(61 * 60_000 + 1000);
  expect(told.steps).toBeGreaterThan(1);
  declared = true;
  const { steps } = told;
  await advance(30_000);
  expect(told.steps).toBe(steps);
});
