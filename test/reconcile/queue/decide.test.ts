import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QueueSpec } from '../../../controller/api/generated/all.ts';
import { decideQueue } from '../../../controller/reconcile/queue/decide.ts';
import { decide, entry, input, NOW, status } from './queue-world.ts';

const MINUTE = 60_000;
const at = (ms: number): string => new Date(NOW + ms).toISOString();

describe('order', () => {
  test('[S19] higher priority first, then the older one, then by file and place, then by name', () => {
    const entries = [
      entry('z', { priority: 1 }),
      entry('0', { priority: 5, order: 2 }),
      entry('1', { priority: 5, order: 1 }),
      entry('young', { priority: 5, createdAt: NOW + 1 }),
      entry('b', { priority: 5 }),
      entry('a', { priority: 5 }),
    ];
    expect(decide({ maxRunning: 0 }, entries).waiting).toEqual(['a', 'b', '1', '0', 'young', 'z']);
  });

  test('who was only just read is waited for by those that come after it, and by nobody else', () => {
    const rank = (project: string, priority = 0) => ({ project, priority, createdAt: NOW, order: 0 });
    const entries = [entry('a', { hold: true }), entry('b'), entry('d')];
    const { given, waiting, why, awaited, againMs } = decide({}, entries, { expected: [rank('e'), rank('c')] });
    expect(given).toEqual(['b']);
    expect(waiting).toEqual(['a', 'd']);
    expect(why).toEqual({ a: 'Held', d: 'NotLooked' });
    expect([awaited, againMs]).toEqual(['c', 1000]);
    const urgent = decide({}, entries, { expected: [rank('z', 1)] });
    expect([urgent.given, urgent.awaited]).toEqual([[], 'z']);
    // Whoever waits for want of room waits for nobody.
    const full = decide({ maxRunning: 0 }, entries, { expected: [rank('c')] });
    expect([full.why['d'], full.awaited]).toEqual(['SlotsTaken', undefined]);
  });

  test('who is held, depends on others or cannot be looked at is passed, and keeps its place', () => {
    const unmet = { reason: 'DependencyPending', message: '' } as const;
    const entries = [
      entry('a', { hold: true }),
      entry('b', { unmet }),
      entry('c', { claim: 'Unknown' }),
      entry('d'),
      entry('e'),
    ];
    const { given, waiting, why, status: next } = decide({ maxRunning: 1, queueingStrategy: 'StrictFIFO' }, entries);
    expect(given).toEqual(['d']);
    expect(waiting).toEqual(['a', 'b', 'c', 'e']);
    expect(why).toEqual({ a: 'Held', b: 'DependencyPending', c: 'NotLooked', e: 'SlotsTaken' });
    expect(next.head).toBe('e');
  });
});

describe('limits', () => {
  const big = entry('big', { agents: new Map([['claude', 3]]), createdAt: NOW - 1 });
  const taken = [entry('x', { agents: new Map([['claude', 2]]), claim: 'Holds' })];
  const small = entry('small');
  const spec: QueueSpec = { maxAgentsPerClass: { claude: 4 } };
  const previous = status(['x']);

  test('best effort lets pass who fits, and notes since when; strict order does not', () => {
    const best = decide(spec, [...taken, big, small], { previous });
    expect(best.given).toEqual(['small']);
    expect(best.status).toMatchObject({ head: 'big', passedSince: at(0) });
    expect(best.why).toEqual({ big: 'AgentsTaken' });
    const strict = decide({ ...spec, queueingStrategy: 'StrictFIFO' }, [...taken, big, small], { previous });
    expect(strict.given).toEqual([]);
    expect(strict.why).toEqual({ big: 'AgentsTaken', small: 'NotFirst' });
  });

  test('the first in the line is passed for no longer than starvationLimit', () => {
    const passed = { ...previous, head: 'big', passedSince: at(-MINUTE) };
    const entries = [...taken, big, small];
    expect(decide({ ...spec, starvationLimit: '2m' }, entries, { previous: passed }).given).toEqual(['small']);
    const starving = decide({ ...spec, starvationLimit: '1m' }, entries, { previous: passed });
    expect(starving.given).toEqual([]);
    expect(starving.why).toEqual({ big: 'AgentsTaken', small: 'NotFirst' });
  });

  test('what is larger than the queue keeps nobody waiting', () => {
    const { given, why } = decide({ maxAgents: 2, queueingStrategy: 'StrictFIFO' }, [big, small]);
    expect(given).toEqual(['small']);
    expect(why).toEqual({ big: 'NeverFits' });
  });

  test('memory and load let one in at a time, and nobody where there is too little', () => {
    const machine = { minFreeMemory: '1Gi', maxLoadPerCPU: 2 };
    const look = { availableMemory: 2 ** 31, loadPerCPU: 1 };
    const enough = decide({ machine }, [entry('a'), entry('b')], { machine: look });
    expect(enough.given).toEqual(['a']);
    expect(enough.why).toEqual({ b: 'MachineBusy' });
    expect(enough.againMs).toBe(5000);
    const little = { ...look, availableMemory: 2 ** 29 };
    expect(decide({ machine }, [entry('a')], { machine: little }).active).toMatchObject({
      status: 'False',
      reason: 'MachineBusy',
      message: '512Mi of memory are available, less than 1Gi',
    });
    expect(decide({ machine }, [entry('a')], { machine: { ...look, loadPerCPU: 2.5 } }).given).toEqual([]);
  });

  test('[S9] a machine that cannot be read neither stops the queue nor is filled', () => {
    const machine = { minFreeMemory: '1Gi' };
    const first = decide({ machine }, [entry('a'), entry('b')]);
    expect(first.given).toEqual(['a']);
    expect(first.why).toEqual({ b: 'MachineUnknown' });
    expect(first.active).toMatchObject({ status: 'Unknown', reason: 'MachineUnknown' });
  });
});

describe('slots', () => {
  test.each([
    ['Wants', 'Admitted', false, true],
    ['Holds', 'Admitted', false, true],
    ['Unknown', 'Admitted', false, true],
    ['Leaves', 'Admitted', false, true],
    ['Leaves', 'Withdrawn', false, true],
    ['None', 'Admitted', false, false],
    // Decided before it was withdrawn.
    ['Wants', 'Waiting', false, true],
    ['Wants', 'Withdrawn', false, false],
    ['Holds', 'Withdrawn', false, true],
    // A decision under way was told that it may start something.
    ['None', 'Admitted', true, true],
    ['Wants', 'Withdrawn', true, true],
  ] as const)('who claims %s, and was told %s (deciding: %s), keeps it: %s', (claim, told, deciding, keeps) => {
    const { owners } = decide({ maxRunning: 1, drain: true }, [entry('a', { claim, told, deciding })], {
      previous: status(['a']),
    });
    expect(owners).toEqual(keeps ? ['a'] : []);
  });

  test('who runs already is taken in beyond the limit, and nobody is ended for it', () => {
    const entries = [entry('a', { claim: 'Holds' }), entry('b', { claim: 'Holds' }), entry('c')];
    const { owners, given, status: next, events } = decide({ maxRunning: 1 }, entries, { previous: status(['a']) });
    expect(owners).toEqual(['a', 'b']);
    expect(given).toEqual([]);
    expect(next.running).toBe(2);
    expect(events.map(({ reason }) => reason)).toEqual(['TakenIn']);
  });

  test('what is left of runs that are over is not taken in, and gets no slot', () => {
    const { owners, waiting } = decide({ maxRunning: 5 }, [entry('a', { claim: 'Leaves' })]);
    expect([owners, waiting]).toEqual([[], []]);
  });

  test('who cannot be looked at is taken in if it ran when it was last seen, and waits otherwise', () => {
    const entries = [entry('a', { claim: 'Unknown', mayRun: true }), entry('b', { claim: 'Unknown' })];
    expect(decide({ maxRunning: 5 }, entries).owners).toEqual(['a']);
  });

  test('an owner that nobody has looked at yet keeps its slot; one that is gone does not', () => {
    const seen = { previous: status(['a', 'b']), unseen: new Set(['uid-a']) };
    expect(decide({ maxRunning: 2 }, [], seen).owners).toEqual(['a']);
  });

  test('an object of the same name that came later is another one', () => {
    const { owners, given } = decide({ maxRunning: 1 }, [entry('a', { uid: 'other' })], { previous: status(['a']) });
    expect(owners).toEqual(['a']);
    expect(given).toEqual(['a']);
  });

  test('nothing is admitted before everything was looked at, and what runs is taken in', () => {
    const { owners, active } = decide({ maxRunning: 5 }, [entry('a', { claim: 'Holds' }), entry('b')], {
      notLooked: 3,
    });
    expect(owners).toEqual(['a']);
    expect(active).toMatchObject({ status: 'Unknown', reason: 'NotLooked' });
  });

  test('a lowered limit, a pause and a drain admit nobody and take nobody out', () => {
    const entries = [entry('a', { claim: 'Holds' }), entry('b', { claim: 'Holds' }), entry('c')];
    for (const spec of [{ maxRunning: 1 }, { paused: true }, { drain: true }]) {
      const { owners } = decide(spec, entries, { previous: status(['a', 'b']) });
      expect(owners).toEqual(['a', 'b']);
    }
  });
});

const CLASSES = ['claude', 'codex'] as const;

const entries = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 30 }),
      priority: fc.integer({ min: 0, max: 3 }),
      createdAt: fc.integer({ min: 0, max: 5 }),
      hold: fc.boolean(),
      claim: fc.constantFrom('None', 'Wants', 'Holds', 'Leaves', 'Unknown' as const),
      mayRun: fc.boolean(),
      deciding: fc.boolean(),
      told: fc.constantFrom('Admitted', 'Waiting', 'Withdrawn' as const),
      agents: fc.dictionary(fc.constantFrom(...CLASSES), fc.integer({ min: 1, max: 3 })),
    }),
    { selector: ({ id }) => id, maxLength: 20 },
  )
  .map((all) =>
    all.map(({ id, agents, createdAt, ...rest }) =>
      entry(`p${id}`, {
        ...rest,
        createdAt: NOW + createdAt,
        agents: new Map(Object.entries(agents)),
      }),
    ),
  );

const specs = fc.record(
  {
    maxRunning: fc.integer({ min: 0, max: 6 }),
    maxAgents: fc.integer({ min: 1, max: 8 }),
    maxAgentsPerClass: fc.dictionary(fc.constantFrom(...CLASSES), fc.integer({ min: 0, max: 4 })),
    queueingStrategy: fc.constantFrom('StrictFIFO', 'BestEffortFIFO' as const),
    paused: fc.boolean(),
    drain: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<QueueSpec>;

const owners = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });

describe('whatever stands in the line', () => {
  const world = fc.tuple(specs, entries, owners);

  test('nobody is admitted beyond a limit, twice, or past one that goes first and fits', () => {
    fc.assert(
      fc.property(world, ([spec, line, ids]) => {
        const previous = status(ids.map((id) => `p${id}`));
        const { admitted, status: next, line: waiting } = decideQueue(input(spec, line, { previous }));
        const byUid = new Map(line.map((one) => [one.uid, one]));
        expect(new Set(next.admitted.map(({ uid }) => uid)).size).toBe(next.admitted.length);
        expect(new Set([...next.admitted, ...waiting].map(({ project }) => project)).size).toBe(
          next.admitted.length + waiting.length,
        );
        if (admitted.length === 0) return;
        expect(spec.paused !== true && spec.drain !== true).toBe(true);
        expect(next.running).toBeLessThanOrEqual(spec.maxRunning ?? Number.POSITIVE_INFINITY);
        const held = next.admitted.flatMap(({ uid }) => [...(byUid.get(uid)?.agents ?? [])]);
        const sum = (name?: string): number =>
          held.reduce((total, [className, count]) => total + (name === undefined || name === className ? count : 0), 0);
        expect(sum()).toBeLessThanOrEqual(spec.maxAgents ?? Number.POSITIVE_INFINITY);
        for (const { uid } of admitted) {
          for (const [name] of byUid.get(uid)?.agents ?? []) {
            expect(sum(name)).toBeLessThanOrEqual(spec.maxAgentsPerClass?.[name] ?? Number.POSITIVE_INFINITY);
          }
        }
      }),
    );
  });

  test('whoever would run has a slot or is told why not; whoever has one was not forgotten', () => {
    fc.assert(
      fc.property(world, ([spec, line, ids]) => {
        const previous = status(ids.map((id) => `p${id}`));
        const { status: next, line: waiting } = decideQueue(input(spec, line, { previous }));
        const slots = new Set(next.admitted.map(({ uid }) => uid));
        const told = new Set(waiting.map(({ project }) => project));
        for (const one of line) {
          if (one.claim === 'Holds') expect(slots.has(one.uid)).toBe(true);
          if (one.claim === 'Wants') expect(slots.has(one.uid) !== told.has(one.project)).toBe(true);
        }
        for (const { reason, message } of waiting) expect([reason, message].every((text) => text !== '')).toBe(true);
      }),
    );
  });

  test('deciding again without news changes nothing', () => {
    fc.assert(
      fc.property(world, ([spec, line, ids]) => {
        const first = decideQueue(input(spec, line, { previous: status(ids.map((id) => `p${id}`)) }));
        // Who was just given a slot is told of it; a withdrawal that was carried out is over.
        const told = line.map((one) =>
          first.admitted.some(({ uid }) => uid === one.uid) ? { ...one, told: 'Admitted' as const } : one,
        );
        const second = decideQueue(input(spec, told, { previous: first.status }));
        expect(second.status.admitted).toEqual(first.status.admitted);
        expect(second.line.map(({ project }) => project)).toEqual(first.line.map(({ project }) => project));
      }),
    );
  });
});
