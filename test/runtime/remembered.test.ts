import { describe, expect, test } from 'vitest';
import { NOT_QUEUED } from '../../controller/api/admission.ts';
import type { Decision, ProjectInput } from '../../controller/api/decision.ts';
import type { Desired } from '../../controller/api/desired.ts';
import type { ProjectStatus } from '../../controller/api/generated/all.ts';
import { NOTHING_OF_HEALTH } from '../../controller/api/health.ts';
import type { ObservedPane, ObservedProject } from '../../controller/api/observed.ts';
import type { Word } from '../../controller/api/word.ts';
import { rememberAtRest } from '../../controller/runtime/remembered.ts';

const RUN = '1000-a';

function status(): ProjectStatus {
  return { observedGeneration: 1, phase: 'Running', conditions: [], agents: [] };
}

function pane(): ObservedPane {
  const mark = { uid: 'u1', project: 'web', agent: 'a', hash: 'h', run: RUN };
  const place = { server: 'muxlet', sessionId: '$1', windowId: '@1', windowIndex: 0, windowName: 'a', windowPanes: 1 };
  return { ...place, id: '%1', pid: 7, processStart: '70', process: 'Alive', dead: false, mark };
}

/** Everything in it is made anew, as looks make it. */
function observed(more: Partial<ObservedProject> = {}, at = 0): ObservedProject {
  const sessions = [{ server: 'muxlet', id: '$1', name: 'web', uid: 'u1', project: 'web', windows: 1 }];
  const tmux = { state: 'Known' as const, at, value: { sessions, panes: [pane()] } };
  return { tmux, obstacles: [], probes: [], readings: [], health: NOTHING_OF_HEALTH, reports: new Map(), ...more };
}

function rejected(specHash: string): Desired {
  return { type: 'Rejected', reason: 'NoCommand', message: '', specHash };
}

function inputOf(more: Partial<ProjectInput> = {}): ProjectInput {
  return {
    meta: { name: 'web', uid: 'u1', generation: 1, creationTimestamp: '2026-01-01T00:00:00.000Z', finalizers: [] },
    desired: rejected('s'),
    previous: status(),
    stops: new Map([['a', { graceMs: 1000 }]]),
    observed: observed(),
    server: 'muxlet',
    admission: NOT_QUEUED,
    overlay: {},
    failure: undefined,
    now: 1_000_000,
    uncountedMs: 0,
    ...more,
  };
}

function resting(more: Partial<Decision> = {}): Decision {
  return {
    actions: [],
    status: status(),
    events: [],
    words: [],
    claim: 'Holds',
    expired: false,
    finished: false,
    ...more,
  };
}

const WORD: Word = {
  project: 'web',
  projectUid: 'u1',
  agent: 'a',
  uid: 'u1-a',
  topic: 'compact',
  occasion: 1,
  text: 'compact',
  manner: {},
};

/** Decides of a project twice, as its worker does: what was said by the first is what was said before at the second. */
function twice(first: Partial<Decision>, then: Partial<ProjectInput>, before: Partial<ProjectInput> = {}) {
  let asked = 0;
  const decide = rememberAtRest(() => {
    asked += 1;
    return resting(first);
  });
  const one = decide(inputOf(before));
  const other = decide(inputOf({ ...before, previous: one.status, now: 1_030_000, uncountedMs: 30_000, ...then }));
  return { asked, isSameValue: one === other };
}

describe('what was decided of a project at rest', () => {
  test('is given again, the very same value, where a later look shows the same', () => {
    expect(twice({}, { observed: observed({}, 30_000) })).toEqual({ asked: 1, isSameValue: true });
  });

  const dead = { ...pane(), dead: true };
  const changes: Record<string, Partial<ProjectInput>> = {
    'what is wanted': { desired: rejected('other') },
    'what was said of it': { previous: status() },
    'its generation': { meta: { ...inputOf().meta, generation: 2 } },
    'how agents are to be ended': { stops: new Map([['a', { graceMs: 2000 }]]) },
    'a pane': { observed: observed({ tmux: { state: 'Known', at: 0, value: { sessions: [], panes: [dead] } } }) },
    'whether tmux can be seen': {
      observed: observed({ tmux: { state: 'Unknown', at: 0, reason: 'TmuxUnreachable', message: '' } }),
    },
    'what a probe says': { observed: observed({ probes: [{ agent: 'a', run: RUN, ready: false }] }) },
    'what an agent reports': {
      observed: observed({ reports: new Map([['a', { type: 'done', at: '2026-01-01T00:00:00.000Z', run: RUN }]]) }),
    },
    'who was left behind': { observed: observed({ processes: { state: 'Known', at: 0, value: [] } }) },
    'whether it may run': { admission: { type: 'Withdrawn', reason: 'Drained', message: '' } },
    'what tools ask': { overlay: { 'muxlet.dev/restart': '{}' } },
    'what failed': { failure: 'no' },
    'the server': { server: 'other' },
  };
  test.each(Object.keys(changes))('is decided anew where %s is another', (what) => {
    expect(twice({}, changes[what] ?? {}).asked).toBe(2);
  });

  test('is decided anew after a while, and when the clock was set back', () => {
    expect(twice({}, { now: 1_299_999 }).asked).toBe(1);
    expect(twice({}, { now: 1_300_000 }).asked).toBe(2);
    expect(twice({}, { now: 999_999 }).asked).toBe(2);
  });

  const unrest: Record<string, Partial<Decision>> = {
    'asks for an action': { actions: [{ type: 'WakeServer', server: 'muxlet' }] },
    'asks for another look': { lookAgain: { type: 'In', ms: 60_000 } },
    'has agents told something': { words: [WORD] },
    'tells of something': { events: [{ type: 'Normal', reason: 'Adopted', message: '' }] },
    'says something else than before': { status: { ...status(), phase: 'Failed' } },
    'is the last one of it': { finished: true },
    'lets go of what is kept': { expired: true },
  };
  test.each(Object.keys(unrest))('is not what %s: that is decided anew', (what) => {
    expect(twice(unrest[what] ?? {}, {}).asked).toBe(2);
  });

  test('is not what follows a failure or processes that are being looked for', () => {
    expect(twice({}, {}, { failure: 'no' }).asked).toBe(2);
    expect(twice({}, {}, { observed: observed({ processes: { state: 'Known', at: 0, value: [] } }) }).asked).toBe(2);
  });

  test('belongs to one project: another of the same name has its own', () => {
    let asked = 0;
    const decide = rememberAtRest(() => {
      asked += 1;
      return resting();
    });
    const { status: previous } = decide(inputOf());
    decide(inputOf({ previous, meta: { ...inputOf().meta, uid: 'u2' } }));
    expect(asked).toBe(2);
  });
});
