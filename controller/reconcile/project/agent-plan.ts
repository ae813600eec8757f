import type { Action, Owner } from '../../api/action.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { Termination } from '../../api/generated/all.ts';
import type { Look, MarkedProcess } from '../../api/observed.ts';
import type { AgentView } from './agent-view.ts';
import { continueEnding } from './ending.ts';
import { isOutOfOrder, missedLogin } from './holding.ts';
import type { Intent } from './intent.ts';
import { hasRunThis, isOver } from './over.ts';
import { isExhausted, isRecovery } from './recovery.ts';

/** What is to become of one agent. */
export interface AgentPlan {
  readonly view: AgentView;
  readonly next: AgentNext;
  /** The ending that goes on, of the agent itself and of what an earlier run left behind. */
  readonly termination: Termination | undefined;
  readonly leftovers: Termination | undefined;
  readonly actions: readonly Action[];
}

export type AgentNext =
  | { readonly type: 'Keep' }
  /** Give it a process now, wherever its place is. */
  | { readonly type: 'Start' }
  | { readonly type: 'StartAt'; readonly at: number }
  /** It cannot be started: see `view.obstacle`. */
  | { readonly type: 'Blocked' }
  /** It ended for good. */
  | { readonly type: 'Over' }
  /** It is not to run now: see the project's course. */
  | { readonly type: 'Down' }
  | { readonly type: 'Ending' }
  /** Its processes are gone: what is left of it in tmux may go as well. */
  | { readonly type: 'Remove' }
  /** What was seen contradicts itself for the moment. */
  | { readonly type: 'Settling' };

/** No process of it is left, and none is to be. */
export function isDown({ next }: AgentPlan): boolean {
  return next.type === 'Remove' || next.type === 'Down' || next.type === 'Over';
}

export function planAgent(view: AgentView, input: ProjectInput, intent: Intent): AgentPlan {
  const reason = reasonToEnd(view, input, intent);
  if (reason === undefined) return { ...clearLeftovers(view, input), next: nextOf(view, input, intent) };
  const alive = view.life.type === 'Running' ? view.life.pane : undefined;
  const ending = continueEnding({
    owner: ownerOf(input),
    agent: view.name,
    stop: view.stop,
    reason,
    begun: view.previous?.termination,
    pane: alive,
    processes: view.processes,
    now: input.now,
  });
  // Without our mark in a readable environment the process is not in the list; the pane says that it lives.
  // Until tmux has collected the process, its end is not on record: it would be taken for a failure of the next run.
  const collected = view.life.type !== 'Settling' || view.desired === undefined;
  const over = ending.over && alive === undefined && collected;
  return {
    view,
    next: over ? afterEnding(view, input, intent) : { type: 'Ending' },
    termination: over && view.desired !== undefined ? undefined : ending.termination,
    leftovers: undefined,
    actions: ending.actions,
  };
}

/** Why the agent's processes have to go; an ending that has begun is brought to its end. */
function reasonToEnd(view: AgentView, input: ProjectInput, intent: Intent): Termination['reason'] | undefined {
  const { desired, meta, now } = input;
  if (desired.type === 'Absent') return meta.deletionTimestamp === undefined ? undefined : 'ProjectRemoved';
  if (desired.type === 'Rejected') return undefined;
  if (view.desired === undefined) return desired.confirmed ? 'AgentRemoved' : undefined;
  const { life, probe, previous, account } = view;
  if (life.type === 'Detached') return 'Detached';
  if (life.type !== 'Running') return unfinished(previous?.termination);
  if (intent.type === 'End') return intent.reason;
  if (intent.type === 'Stand') return endingFor(view);
  if (life.pane.mark.hash !== view.desired.launchHash) return desired.confirmed ? 'SpecChanged' : undefined;
  if (view.isRestartAsked) return 'Restarted';
  if (probe?.live === false && !isOutOfOrder(account)) return 'LivenessFailed';
  return reasonToRecover(view, view.desired, now);
}

/** Only an agent that may be started again is ended for its own good. */
function reasonToRecover(view: AgentView, desired: DesiredAgent, now: number): Termination['reason'] | undefined {
  const { stuck, account, reading, previous, recoveries } = view;
  const begun = endingFor(view);
  if (begun !== undefined) return begun;
  if (desired.restartPolicy === 'Never') return undefined;
  if (missedLogin(account, reading, now)) {
    const isTurn = account?.restarting.includes(previous?.uid ?? '') === true;
    return isTurn || previous?.termination?.reason === 'AccountRestored' ? 'AccountRestored' : undefined;
  }
  // What has no account to work with has nothing to be recovered for.
  if (stuck === undefined || isOutOfOrder(account)) return undefined;
  return isExhausted(desired, recoveries) ? undefined : stuck.reason;
}

/** A recovery that has sent something to the agent is brought to its end, whatever the agent shows on its way there. */
function endingFor({ life, previous }: AgentView): Termination['reason'] | undefined {
  const { termination, run } = previous ?? {};
  if (life.type !== 'Running' || run !== life.pane.mark.run || termination === undefined) return undefined;
  const isOurs = isRecovery(termination.reason) || termination.reason === 'AccountRestored';
  return isOurs && termination.stage !== 'Begun' ? termination.reason : undefined;
}

/** The first process has ended, and the ending goes on until its children have. */
function unfinished(termination: Termination | undefined): Termination['reason'] | undefined {
  return termination === undefined || termination.stage === 'Begun' ? undefined : termination.reason;
}

function afterEnding(view: AgentView, input: ProjectInput, intent: Intent): AgentNext {
  return view.desired === undefined ? { type: 'Remove' } : nextOf(view, input, intent);
}

function nextOf(view: AgentView, { now, desired }: ProjectInput, intent: Intent): AgentNext {
  const { life, nextRestartAt = now } = view;
  if (view.desired === undefined || desired.type !== 'Present') return { type: 'Keep' };
  if (life.type === 'Running') return { type: 'Keep' };
  if (life.type === 'Settling' || view.hasOutlived) return { type: 'Settling' };
  if (isOver(view)) return { type: 'Over' };
  if (intent.type !== 'Run') return { type: 'Down' };
  if (view.obstacle !== undefined) return { type: 'Blocked' };
  if (hasRunThis(view) && nextRestartAt > now) return { type: 'StartAt', at: nextRestartAt };
  return { type: 'Start' };
}

/**
 * Children that outlived their run are ended after the agent runs again, so that a restart never waits for them; it waits
 * for the first process alone.
 */
function clearLeftovers(view: AgentView, input: ProjectInput): Omit<AgentPlan, 'next'> {
  const { life, lastExit, previous, processes } = view;
  const none = { view, termination: undefined, leftovers: undefined, actions: [] };
  if (life.type === 'Settling' || life.type === 'Detached') return none;
  if (lastExit === undefined && life.type !== 'Running') return none;
  const current = life.type === 'Running' ? life.pane.mark.run : undefined;
  const left = leftBehind(processes, current);
  if (left === undefined) return { ...none, leftovers: previous?.leftovers };
  if (left.value.length === 0) return none;
  const ending = continueEnding({
    owner: ownerOf(input),
    agent: view.name,
    stop: { graceMs: view.stop.graceMs },
    reason: 'Leftover',
    begun: previous?.leftovers,
    pane: undefined,
    processes: left,
    now: input.now,
  });
  return { ...none, leftovers: ending.termination, actions: ending.actions };
}

function ownerOf({ meta }: ProjectInput): Owner {
  return { project: meta.name, uid: meta.uid };
}

function leftBehind(
  processes: AgentView['processes'],
  current: string | undefined,
): (Look<readonly MarkedProcess[]> & { state: 'Known' }) | undefined {
  if (processes?.state !== 'Known') return undefined;
  return { ...processes, value: processes.value.filter(({ run }) => run !== '' && run !== current) };
}
