import { expect, test } from 'vitest';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import type { Look, MarkedProcess } from '../../../controller/api/observed.ts';
import { planAgent } from '../../../controller/reconcile/project/agent-plan.ts';
import { agentStatus } from '../../../controller/reconcile/project/agent-status.ts';
import { viewAgents } from '../../../controller/reconcile/project/agent-view.ts';
import { type Course, claimOf } from '../../../controller/reconcile/project/course.ts';

const NOW = 1_700_000_000_000;
const RUN = `${NOW - 60_000}-1`;
const FIRST = {
  pid: 7,
  startTime: '70',
  uid: 'u',
  project: 'web',
  agent: 'dev',
  run: RUN,
  hash: 'h',
  command: 'agent',
};
const BACKOFF = { initialMs: 1000, maxMs: 60_000, resetAfterMs: 600_000 };
const CHILD = { ...FIRST, pid: 8 };

interface Seen {
  readonly outlived?: readonly string[];
  /** Undefined: nobody looked. */
  readonly processes?: readonly MarkedProcess[];
  readonly more?: Partial<AgentStatus>;
}

/** The session of a project with one agent is gone, and this is what the look at its processes says. */
function planned({ outlived, processes, more }: Seen) {
  const previous = { name: 'dev', run: RUN, pid: 7, processStart: '70', restarts: 0, failures: 0, ...more };
  const look: Look<readonly MarkedProcess[]> | undefined = processes && { state: 'Known', at: NOW, value: processes };
  const input = {
    meta: { name: 'web', uid: 'u' },
    desired: {
      type: 'Present',
      confirmed: true,
      project: {
        agents: [{ name: 'dev', class: 'shell', restartPolicy: 'Always', stop: { graceMs: 10_000 }, backoff: BACKOFF }],
      },
    },
    previous: { agents: [previous] },
    stops: new Map(),
    overlay: {},
    now: NOW,
    observed: {
      processes: look,
      outlived,
      obstacles: [],
      probes: [],
      readings: [],
      health: { accounts: [], vitals: [], outOfMemory: [] },
    },
  } as unknown as ProjectInput;
  const [view] = viewAgents(input, { sessions: [], panes: [] });
  if (view === undefined) throw new Error('no agent');
  return planAgent(view, input, { type: 'Run' });
}

const ENDED = {
  run: RUN,
  reason: 'PaneGone',
  kind: 'Removed',
  finishedAt: new Date(NOW - 5).toISOString(),
  output: [],
};

test('an agent whose terminal is gone is not started again beside its own first process', () => {
  const plan = planned({ outlived: ['dev'] });
  expect(plan.next).toEqual({ type: 'Settling' });
  // The next look has to know whom it is about.
  expect(agentStatus(plan, 'u')).toMatchObject({ pid: 7, processStart: '70', reason: 'Settling' });
});

test('that process is ended, as what is left behind, and the next one begins once it is gone', () => {
  const more = { lastExit: ENDED as AgentStatus['lastExit'] } as Partial<AgentStatus>;
  const begun = planned({ outlived: ['dev'], processes: [FIRST], more });
  expect(begun).toMatchObject({ next: { type: 'Settling' }, leftovers: { stage: 'Begun' } });
  const termed = planned({
    outlived: ['dev'],
    processes: [FIRST],
    more: { ...more, leftovers: begun.leftovers } as Partial<AgentStatus>,
  });
  expect(termed.actions).toMatchObject([{ type: 'Signal', signal: 'TERM', processes: [{ pid: 7 }] }]);
  expect(planned({ processes: [], more }).next).toEqual({ type: 'Start' });
});

test('its children are waited for by nobody, nor is a first process that does not bear our mark', () => {
  const more = { lastExit: ENDED as AgentStatus['lastExit'] } as Partial<AgentStatus>;
  expect(planned({ processes: [CHILD], more }).next).toEqual({ type: 'Start' });
  expect(planned({ outlived: ['dev'], processes: [CHILD], more }).next).toEqual({ type: 'Start' });
});

test('a project keeps its slot until that process is gone, also where the queue drains', () => {
  const course = { intent: { type: 'End', reason: 'Drained', message: '', session: 'End' } } as const;
  const desired = { type: 'Absent', confirmed: true } as const;
  const claims = [planned({ outlived: ['dev'] }), planned({ processes: [] })].map((plan) =>
    claimOf(course as unknown as Course, [plan], { desired, stage: 'Waiting' }),
  );
  expect(claims).toEqual(['Holds', 'None']);
});
