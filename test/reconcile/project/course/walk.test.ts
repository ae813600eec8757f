import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Admission, NOT_QUEUED, OVERLAY } from '../../../../controller/api/admission.ts';
import type { Decision } from '../../../../controller/api/decision.ts';
import type { ProjectStatus, RunStatus } from '../../../../controller/api/generated/all.ts';
import { enter, firstRun, STAGES_AFTER, type Stage } from '../../../../controller/reconcile/project/course/stages.ts';
import { PHASES_AFTER } from '../../../../controller/reconcile/project/phase.ts';
import { finishes, REPORT, rule, rules, says, VERIFICATION } from './done-world.ts';
import {
  type CourseSpec,
  end,
  lose,
  type Name,
  projectOf,
  revive,
  type SmallWorld,
  smallWorld,
  step,
} from './small-world.ts';

const SPECS: readonly CourseSpec[] = [
  {},
  { retry: { limit: 2, initialBackoff: '10s' } },
  { deadline: { after: '1m', extensions: 2, extendBy: '10s', grace: '10s', heartbeatTimeout: '20s' } },
  { deadline: { after: '1m', extensions: 0, grace: '5s' }, retry: { limit: 1, initialBackoff: '5s' } },
  { sessionAfterFinished: 'End' },
  { ttlAfterFinished: '1m' },
  { goal: 'Another one.' },
];

const COMPLETION = rules(rule(REPORT));
/** By what it is judged whether the work is done. */
const JUDGED: readonly SmallWorld['extra'][] = [
  {},
  { completion: COMPLETION },
  { verification: VERIFICATION },
  { completion: COMPLETION, verification: { ...VERIFICATION, rounds: 1 } },
  { completion: COMPLETION, integration: { onConflict: 'Hub', rounds: 1 } },
];

const WAITING: Admission = { type: 'Waiting', reason: 'StartingOthers', message: 'not yet' };
const WITHDRAWN: Admission = { type: 'Withdrawn', reason: 'Drained', message: 'drained' };
const ADMITTED: Admission = { type: 'Admitted', reason: 'Admitted', message: '' };

type Event = (world: SmallWorld) => void;

const name = fc.constantFrom<Name>('a', 'b');
const events: fc.Arbitrary<{ readonly what: string; readonly happens: Event }> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(0, 20, 1000, 15_000, 40_000)
      .map((ms) => named(`wait ${ms}`, (world) => step(world, ms))),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(name, fc.constantFrom(0, 1))
      .map(([agent, code]) => named(`${agent} ends with ${code}`, (w) => end(w, agent, code))),
  },
  { weight: 1, arbitrary: fc.constant(named('the session goes', lose)) },
  { weight: 1, arbitrary: name.map((agent) => named(`${agent} comes back`, (world) => revive(world, agent))) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(-3_600_000, 3_600_000)
      .map((ms) => named(`clock ${ms}`, (world) => step(world, ms, 1000))),
  },
  { weight: 1, arbitrary: fc.boolean().map((is) => named(`held ${is}`, (world) => (world.isHeld = is))) },
  { weight: 1, arbitrary: fc.boolean().map((is) => named(`seen ${is}`, (world) => (world.isVisible = is))) },
  { weight: 1, arbitrary: fc.boolean().map((is) => named(`sure ${is}`, (world) => (world.confirmed = is))) },
  { weight: 2, arbitrary: fc.constant(named('works', (world) => (world.beatAt = world.now))) },
  { weight: 1, arbitrary: name.map((agent) => named(`${agent} hangs`, (world) => world.stuck.add(agent))) },
  { weight: 1, arbitrary: fc.constant(named('nobody hangs', (world) => world.stuck.clear())) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(NOT_QUEUED, NOT_QUEUED, ADMITTED, WAITING, WITHDRAWN)
      .map((admission) => named(admission.type, (world) => (world.admission = admission))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('EndSession', 'KeepSession', undefined)
      .map((asked) =>
        named(`suspend ${asked}`, (world) => (world.overlay = asked === undefined ? {} : { [OVERLAY.suspend]: asked })),
      ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(name, fc.constantFrom('done', 'done', 'status', 'failed'))
      .map(([agent, type]) =>
        named(`${agent} says ${type}`, (world) =>
          says(world, agent, type === 'done' ? {} : { type, doneAt: undefined }),
        ),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('Running', 'Passed', 'Refused', 'Conflict', 'Failed')
      .map((state) => named(`round ${state}`, (world) => finishes(world, state))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...JUDGED)
      .map((extra) => named(JSON.stringify(extra), (world) => (world.extra = extra))),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...SPECS).map((spec) => named(JSON.stringify(spec), (world) => (world.spec = spec))),
  },
  {
    weight: 1,
    arbitrary: fc.nat(2).map((version) => named(`version ${version}`, (world) => (world.version = version))),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('Never', 'OnFailure', 'Always')
      .map((policy) => named(policy, (world) => (world.policy = policy))),
  },
);

function named(what: string, happens: (world: SmallWorld) => unknown) {
  return { what, happens: (world: SmallWorld) => void happens(world), toString: () => what };
}

/** What one decision may make of a stage: all that the table allows, one after the other, short of beginning anew. */
const IN_ONE: Readonly<Record<Stage, readonly Stage[]>> = {
  Waiting: ['Waiting', 'Active', 'Verifying', 'Ending', 'BackingOff', 'Finished'],
  Active: ['Active', 'Waiting', 'TimingOut', 'Verifying', 'Ending', 'BackingOff', 'Finished'],
  TimingOut: ['TimingOut', 'Waiting', 'Active', 'Verifying', 'Ending', 'BackingOff', 'Finished'],
  Verifying: ['Verifying', 'Waiting', 'Active', 'Ending', 'BackingOff', 'Finished'],
  Ending: ['Ending', 'BackingOff', 'Finished'],
  BackingOff: ['BackingOff', 'Waiting'],
  Finished: ['Finished', 'Waiting'],
};

const TERMINAL: ReadonlySet<string> = new Set(['Completed', 'Failed']);

function judge(before: ProjectStatus | undefined, { status, actions, claim }: Decision, world: SmallWorld): void {
  const { run } = status;
  const was = before?.run;
  // Nothing was ever seen.
  if (run === undefined) {
    expect(was).toBeUndefined();
    return;
  }
  if (was !== undefined) expect(IN_ONE[was.stage], `${was.stage} to ${run.stage}`).toContain(run.stage);
  if (before !== undefined && before.phase !== status.phase) expect(PHASES_AFTER[before.phase]).toContain(status.phase);
  expect(TERMINAL.has(status.phase)).toBe(run.stage === 'Finished');
  if (was?.stage === 'Finished') judgeFinished(was, run, world);
  if (run.stage === 'Finished') {
    expect(status.phase).toBe(run.result);
    expect(
      actions.filter(({ type }) => type === 'CreateSession' || type === 'CreateWindow' || type === 'RespawnPane'),
    ).toEqual([]);
  }
  if (run.stage === 'Finished' || run.stage === 'BackingOff') {
    // Whose agents ran when its rules were met keeps its slot until they have ended.
    const rest = status.agents.some(({ pid }) => pid !== undefined) ? ['Leaves'] : [];
    expect(['None', 'Unknown', ...rest]).toContain(claim);
  }
  const { completion, verification, integration } = world.extra;
  if (run.result === 'Completed' && was?.stage !== 'Finished' && completion === undefined) {
    for (const { lastExit } of status.agents) expect(lastExit?.reason).toBe('Completed');
  }
  if (run.result === 'Completed' && was?.stage !== 'Finished' && (verification ?? integration) !== undefined) {
    expect(was).toMatchObject({ stage: 'Verifying', rounds: { count: world.seen.finish?.round } });
    expect(world.seen.finish?.state).toBe('Passed');
  }
  expect(run.activeSeconds * 1000).toBeLessThanOrEqual(world.steady);
  expect(status.attempts?.length ?? 0).toBeLessThanOrEqual(20);
  judgeTime(was, run, world);
}

function judgeFinished(was: RunStatus, run: RunStatus, world: SmallWorld): void {
  const { inputs } = projectOf(world);
  if (run.stage === 'Finished') {
    expect({ ...run, inputs: '', expiredAt: '' }).toEqual({ ...was, inputs: '', expiredAt: '' });
    return;
  }
  expect(world.confirmed).toBe(true);
  expect(was.inputs).not.toBe(inputs);
  expect(run.attempt).toBe(1);
}

/** Nobody is timed out before the time was really there. */
function judgeTime(was: RunStatus | undefined, run: RunStatus, world: SmallWorld): void {
  const { deadline } = projectOf(world).course;
  if (run.stage !== 'TimingOut' || was?.stage === 'TimingOut') return;
  expect(run.activeSeconds * 1000).toBeGreaterThanOrEqual(
    (deadline?.afterMs ?? Number.POSITIVE_INFINITY) + run.extensions * (deadline?.extendByMs ?? 0) - 1,
  );
  expect(run.extensions).toBeLessThanOrEqual(deadline?.extensions ?? 0);
}

const starts = fc.record({ spec: fc.constantFrom(...SPECS), extra: fc.constantFrom(...JUDGED) });

test('[S68] [S69] whatever happens, stages and phases follow one another as their tables say, and what is over stays so', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 5, maxLength: 60 }), starts, (happenings, start) => {
      const world = smallWorld(start);
      for (const { happens } of happenings) {
        happens(world);
        const before = world.status;
        judge(before, step(world, 10), world);
      }
    }),
    { numRuns: 800 },
  );
});

test('once nothing happens any more, a project has its result, works on, or says why it waits', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 5, maxLength: 40 }), starts, (happenings, start) => {
      const world = smallWorld(start);
      for (const { happens } of happenings) {
        happens(world);
        step(world, 10);
      }
      Object.assign(world, { isVisible: true, confirmed: true, isHeld: false, policy: 'Never' });
      for (let look = 0; look < 80; look += 1) {
        const { attempt = 1, rounds } = world.status?.run ?? {};
        finishes(world, 'Passed', { attempt, round: rounds?.count ?? 1 });
        step(world, 5000);
      }
      const { run, phase, conditions, agents } = world.status ?? {};
      const ready = conditions?.find(({ type }) => type === 'Ready');
      expect(['Waiting', 'Active', 'BackingOff', 'Finished']).toContain(run?.stage);
      if (run?.stage === 'BackingOff') expect(phase).toBe('Suspended');
      if (run?.stage === 'Waiting') expect(['Queued', 'Suspended']).toContain(phase);
      if (run?.stage === 'Active') {
        expect(world.spec.deadline).toBeUndefined();
        // Whoever was told of a refusal runs; what a person is to resolve waits for that.
        expect(agents?.some(({ pid }) => pid !== undefined) || run.refused?.told.length === 0).toBe(true);
      }
      if (ready?.status !== 'True') expect(ready?.reason).not.toBe('Unknown');
    }),
    { numRuns: 300 },
  );
});

test('[S69] no code can bring an attempt to a stage that may not follow', () => {
  const stages = Object.keys(STAGES_AFTER) as Stage[];
  for (const from of stages) {
    for (const to of stages) {
      const run: RunStatus = { ...firstRun('', 0), stage: from };
      const allowed: readonly Stage[] = STAGES_AFTER[from];
      if (allowed.includes(to)) expect(enter(run, to, 1)).toMatchObject({ stage: to });
      else expect(() => enter(run, to, 1)).toThrow(`from ${from} to ${to}`);
    }
  }
});
