import fc from 'fast-check';
import type { QueueSpec } from '../../controller/api/generated/all.ts';
import type { DeathMode } from './machine.ts';
import type { Wish } from './sim-asked.ts';
import type { Fate } from './sim-controller.ts';
import { QUEUE } from './sim-queue.ts';
import type { CourseSpec, Edited } from './sim-specs.ts';

export const PROJECTS = ['red', 'green', 'blue'] as const;

export type Deed =
  | 'NewSession'
  | 'NewWindow'
  | 'SplitWindow'
  | 'KillPane'
  | 'KillWindow'
  | 'KillSession'
  | 'RenameSession'
  | 'RenameWindow'
  | 'MoveWindow'
  | 'MoveAllWindows'
  | 'SwapWindows'
  | 'BreakPane'
  | 'JoinPane'
  | 'RespawnPane'
  | 'CloseTerminal';

/** One thing that happens. Numbers pick among what is there. */
export type Step =
  | { readonly type: 'Wait'; readonly ms: number }
  | ({ readonly type: 'Edit' } & Edited)
  | { readonly type: 'Kill'; readonly which: number; readonly exitCode?: number; readonly signal?: number }
  | { readonly type: 'Deaths'; readonly mode: DeathMode }
  | { readonly type: 'Person'; readonly deed: Deed; readonly which: number; readonly other: number }
  | { readonly type: 'LoseServer' }
  | { readonly type: 'ServerSilent'; readonly ms: number }
  | { readonly type: 'ServerUnknown'; readonly ms: number }
  | { readonly type: 'Fates'; readonly fates: readonly Fate[] }
  | { readonly type: 'Crash'; readonly downMs: number; readonly deleteState: boolean }
  /** The machine is started anew, and the controller with it. */
  | { readonly type: 'Reboot'; readonly downMs: number }
  /** What the queue's file says from now on; without a spec it is removed. */
  | { readonly type: 'Queue'; readonly spec: QueueSpec | undefined }
  | { readonly type: 'Clock'; readonly byMs: number }
  /** The machine sleeps, and its clocks go on. */
  | { readonly type: 'Sleep'; readonly ms: number }
  | { readonly type: 'Hints'; readonly lost: boolean }
  | { readonly type: 'LoseLogin'; readonly isSeenByCheck: boolean }
  | { readonly type: 'LogIn' }
  | { readonly type: 'Hang'; readonly which: number }
  /** An agent says that it is done. */
  | { readonly type: 'Report'; readonly which: number }
  | { readonly type: 'Ask'; readonly project: string; readonly wish: Wish };

export interface Schedule {
  /** Of the world's own chance: how long answers take. */
  readonly seed: number;
  readonly steps: readonly Step[];
}

const deeds: readonly Deed[] = [
  'NewSession',
  'NewWindow',
  'SplitWindow',
  'KillPane',
  'KillWindow',
  'KillSession',
  'RenameSession',
  'RenameWindow',
  'MoveWindow',
  'MoveAllWindows',
  'SwapWindows',
  'BreakPane',
  'JoinPane',
  'RespawnPane',
  'CloseTerminal',
];

const program = fc.oneof(
  { weight: 6, arbitrary: fc.constant('stay' as const) },
  { weight: 1, arbitrary: fc.constantFrom('slow' as const, 'stubborn' as const, 'parent' as const) },
  { weight: 1, arbitrary: fc.constantFrom('done' as const, 'fail' as const) },
);

const policy = fc.oneof(
  { weight: 5, arbitrary: fc.constant('Always' as const) },
  { weight: 2, arbitrary: fc.constantFrom('OnFailure' as const, 'Never' as const) },
);

const ofClass = fc.oneof(
  { weight: 2, arbitrary: fc.constant('shell' as const) },
  { weight: 1, arbitrary: fc.constant('model' as const) },
);

const agents = fc.uniqueArray(
  fc.record({ name: fc.constantFrom('a', 'b', 'c'), program, version: fc.nat(2), policy, class: ofClass }),
  { minLength: 1, maxLength: 3, selector: ({ name }) => name },
);

const project = fc.constantFrom(...PROJECTS);
const which = fc.nat(20);

const DEADLINE = { after: '10s', extensions: 1, extendBy: '5s', heartbeatTimeout: '5s', grace: '3s' } as const;
const REPORTED = { rules: [{ report: {} }] };
const RETRY = { limit: 1, initialBackoff: '4s' } as const;

const course = fc.oneof(
  { weight: 5, arbitrary: fc.constant<CourseSpec>({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<CourseSpec>(
      { retry: RETRY },
      { deadline: DEADLINE },
      { deadline: DEADLINE, retry: RETRY },
      { deadline: DEADLINE, sessionAfterFinished: 'End' },
      { sessionAfterFinished: 'End' },
      { ttlAfterFinished: '5s' },
      { goal: 'Another one.' },
      { completion: REPORTED },
      { completion: REPORTED, retry: RETRY, deadline: DEADLINE },
      { completion: REPORTED, sessionAfterFinished: 'End' },
      { suspend: true },
      { suspend: true, suspendPolicy: 'KeepSession', deadline: DEADLINE },
    ),
  },
);

const inQueue = fc.constantFrom<CourseSpec>(
  { queue: QUEUE },
  { queue: QUEUE, priority: 5 },
  { queue: QUEUE, hold: true },
  { queue: QUEUE, goal: 'Another one.' },
  { queue: QUEUE, retry: RETRY },
  { queue: QUEUE, deadline: DEADLINE },
  { queue: QUEUE, sessionAfterFinished: 'End' },
  { queue: QUEUE, completion: REPORTED },
  { queue: QUEUE, suspend: true },
  { queue: QUEUE, suspend: true, suspendPolicy: 'KeepSession' },
  { queue: QUEUE, dependsOn: [PROJECTS[0]] },
);
const queued = fc.oneof(
  { weight: 3, arbitrary: fc.constant<CourseSpec>({ queue: QUEUE }) },
  { weight: 3, arbitrary: inQueue },
  { weight: 1, arbitrary: fc.constant<CourseSpec>({ dependsOn: [PROJECTS[0]] }) },
);

const queue = fc.record({
  type: fc.constant('Queue' as const),
  spec: fc.oneof(
    { weight: 4, arbitrary: fc.constant<QueueSpec>({ maxRunning: 1 }) },
    {
      weight: 6,
      arbitrary: fc.constantFrom<QueueSpec | undefined>(
        {},
        { maxRunning: 2 },
        { maxRunning: 1, queueingStrategy: 'StrictFIFO' },
        { maxAgents: 3, starvationLimit: '3s' },
        { maxAgents: 3, queueingStrategy: 'StrictFIFO' },
        { maxRunning: 2, maxAgentsPerClass: { model: 1 } },
        { maxRunning: 1, paused: true },
        { maxRunning: 1, drain: true },
        { maxRunning: 2, circuitBreaker: { failures: 1, window: '10m', openFor: '10s' } },
        undefined,
      ),
    },
  ),
});

const edit = fc.record({
  type: fc.constant('Edit' as const),
  project,
  agents: fc.option(agents, { nil: undefined, freq: 3 }),
  course,
});
const wait = fc.record({
  type: fc.constant('Wait' as const),
  ms: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 600 }), fc.integer({ min: 600, max: 6000 })),
});
const person = fc.record({
  type: fc.constant('Person' as const),
  deed: fc.constantFrom(...deeds),
  which,
  other: which,
});
const kill = fc.oneof(
  fc.record({ type: fc.constant('Kill' as const), which, signal: fc.constantFrom(9, 15) }),
  fc.record({ type: fc.constant('Kill' as const), which, exitCode: fc.constantFrom(0, 1) }),
);
const trouble = fc.oneof(
  fc.record({
    type: fc.constant('Deaths' as const),
    mode: fc.constantFrom('Clean' as const, 'Lingering' as const, 'Swallowed' as const),
  }),
  fc.constant({ type: 'LoseServer' as const }),
  fc.record({ type: fc.constant('ServerSilent' as const), ms: fc.integer({ min: 1, max: 8000 }) }),
  fc.record({ type: fc.constant('ServerUnknown' as const), ms: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({
    type: fc.constant('Fates' as const),
    fates: fc.array(fc.constantFrom<Fate>('Done', 'Fails', 'Lost', 'CrashBefore', 'CrashAfter', 'Slow'), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({ type: fc.constant('Crash' as const), downMs: fc.nat(2000), deleteState: fc.boolean() }),
  fc.record({ type: fc.constant('Reboot' as const), downMs: fc.constantFrom(100, 60_000) }),
  fc.record({ type: fc.constant('Clock' as const), byMs: fc.constantFrom(-3_600_000, -1500, 1500, 3_600_000) }),
  fc.record({ type: fc.constant('Sleep' as const), ms: fc.constantFrom(600_000, 7_200_000) }),
  fc.record({ type: fc.constant('Hints' as const), lost: fc.boolean() }),
);

const ailing = fc.oneof(
  fc.record({ type: fc.constant('LoseLogin' as const), isSeenByCheck: fc.boolean() }),
  fc.constant({ type: 'LogIn' as const }),
  fc.record({ type: fc.constant('Hang' as const), which }),
  fc.record({ type: fc.constant('Report' as const), which }),
  fc.record({ type: fc.constant('Report' as const), which }),
);

const asked = fc.record({
  type: fc.constant('Ask' as const),
  project,
  wish: fc.constantFrom<Wish>('reset', 'restart'),
});

/** @param withQueue whether projects stand in a queue; else each runs as soon as it is declared */
export function schedules(maxLength: number, withQueue = false): fc.Arbitrary<Schedule> {
  const declared = withQueue ? edit.chain((one) => queued.map((course) => ({ ...one, course }))) : edit;
  const steps: fc.MaybeWeightedArbitrary<Step>[] = [
    { weight: 5, arbitrary: wait },
    { weight: withQueue ? 6 : 3, arbitrary: declared },
    { weight: 2, arbitrary: person },
    { weight: 2, arbitrary: kill },
    { weight: 2, arbitrary: trouble },
    { weight: 1, arbitrary: ailing },
    { weight: 1, arbitrary: asked },
    ...(withQueue ? [{ weight: 2, arbitrary: queue }] : []),
  ];
  const first = fc.record({ type: fc.constant('Edit' as const), project, agents, course: withQueue ? queued : course });
  const begin: fc.Arbitrary<Step[]> = withQueue
    ? fc.tuple(queue, first, first).map((all) => all)
    : first.map((one) => [one]);
  return fc.record({
    seed: fc.nat(1_000_000),
    steps: fc
      .tuple(begin, fc.array(fc.oneof(...steps), { maxLength, size: 'max' }))
      .map(([before, rest]) => [...before, ...rest]),
  });
}
