import type { Action } from '../../api/action.ts';
import type { AgentReading } from '../../api/agent-reading.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { OwnPane } from './life.ts';

type Approval = NonNullable<AgentStatus['approval']>;

export interface Answering {
  readonly approval: Approval | undefined;
  readonly actions: readonly Action[];
  /** When there is more to be done, if it is still there then. */
  readonly dueInMs?: number;
}

/*
 * A dialog is answered only if the project's approvals name it, and once an occurrence: what is on the screen is looked
 * at again by the hands before a key is typed. One that stays is answered again after a pause (the program may not have
 * been listening), three times in all; then it waits for a person, like all that nobody approved.
 */
const TRIES = 3;
/** Before the next try, or before giving up, by the tries so far, in milliseconds; before the first, since another one. */
const PAUSES_MS = [1000, 1000, 5000, 5000] as const;

const NOTHING: Answering = { approval: undefined, actions: [] };

export function planAnswer({ view, next }: AgentPlan, input: ProjectInput): Answering {
  const { life, desired, previous } = view;
  if (life.type !== 'Running' || next.type !== 'Keep' || desired === undefined) return NOTHING;
  const { mark } = life.pane;
  const before = previous?.run === mark.run ? previous.approval : undefined;
  const reading = input.observed.readings.find(({ agent, run }) => agent === view.name && run === mark.run);
  // Nothing was read for the moment: what was being done is not forgotten.
  if (reading === undefined || reading.state === 'Unknown') return { approval: before, actions: [] };
  // At a limit, programs may ask what is to be done about it: until that is answered they take nothing else.
  if (reading.state !== 'Waiting' && reading.state !== 'Limited') return NOTHING;
  const standing = desired.approvals.find(({ dialog }) => dialog === reading.reason);
  const dialog = desired.program.dialogs?.find(({ name }) => name === reading.reason);
  const keys = standing && dialog?.answers[standing.answer];
  if (standing === undefined || dialog === undefined || keys === undefined) return NOTHING;
  return answer({ pane: life.pane, reading, before, input }, { ...standing, keys, pattern: dialog.pattern });
}

interface Occasion {
  readonly pane: OwnPane;
  readonly reading: AgentReading;
  readonly before: Approval | undefined;
  readonly input: ProjectInput;
}

interface Way {
  readonly dialog: string;
  readonly answer: string;
  readonly keys: readonly string[];
  readonly pattern: string;
}

function answer({ pane, reading, before, input }: Occasion, way: Way): Answering {
  const { now, meta } = input;
  const since = new Date(reading.at).toISOString();
  const isSame = before?.dialog === way.dialog && before.since === since && before.answer === way.answer;
  const fresh: Approval = {
    dialog: way.dialog,
    answer: way.answer,
    since,
    state: 'Answering',
    tries: 0,
    ...(before?.triedAt !== undefined && { triedAt: before.triedAt }),
  };
  const approval = isSame ? before : fresh;
  if (approval.state === 'GivenUp' || pane.processStart === undefined) return { approval, actions: [] };
  const last = approval.triedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(approval.triedAt);
  const wait = last + pauseAfter(approval.tries) - now;
  // A clock that was set back makes no pause longer.
  if (wait > 0 && last <= now) return { approval, actions: [], dueInMs: wait };
  if (approval.tries >= TRIES) return { approval: { ...approval, state: 'GivenUp' }, actions: [] };
  const { pattern, keys } = way;
  const action: Action = {
    type: 'Answer',
    owner: { project: meta.name, uid: meta.uid },
    agent: reading.agent,
    dialog: way.dialog,
    answer: way.answer,
    keys,
    pattern,
    pane: { server: pane.server, id: pane.id, pid: pane.pid },
    process: { pid: pane.pid, startTime: pane.processStart },
  };
  const tries = approval.tries + 1;
  return {
    approval: { ...approval, tries, triedAt: new Date(now).toISOString() },
    actions: [action],
    dueInMs: pauseAfter(tries),
  };
}

function pauseAfter(tries: number): number {
  return PAUSES_MS[tries] ?? PAUSES_MS[TRIES];
}
