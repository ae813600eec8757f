import type { AgentStatus, Termination } from '../../api/generated/all.ts';
import { agentUid } from '../../api/metadata.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { Reason } from '../../api/reasons.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { AgentView } from './agent-view.ts';
import { exitMessage } from './exit-message.ts';
import type { Standing } from './intent.ts';
import type { OwnPane } from './life.ts';
import { isUnheard, readingFace } from './reading.ts';
import { isExhausted, isRecovery, stuckMessage } from './recovery.ts';

interface Face {
  readonly state: AgentStatus['state'];
  /** A word of ours, or of the agent's class. */
  readonly reason?: string;
  readonly message?: string;
  readonly ready?: true;
}

/** What is written of one agent. Says what was seen, never what was just ordered. */
export function agentStatus(plan: AgentPlan, projectUid: string, standing?: Standing): AgentStatus {
  const { view } = plan;
  const { previous, life, lastExit, desired } = view;
  const pane = 'pane' in life ? life.pane : undefined;
  const run = pane?.mark.run ?? previous?.run;
  const startedAt = run === undefined ? undefined : runStartedAt(run);
  const hash = pane?.mark.hash ?? previous?.hash;
  const face = faceOf(plan, standing);
  const role = desired === undefined ? previous?.role : desired.briefing?.role?.name;
  return {
    name: view.name,
    uid: agentUid(projectUid, view.name),
    class: desired?.class ?? previous?.class ?? 'shell',
    ...(role !== undefined && { role }),
    state: face.state,
    ...(face.reason !== undefined && { reason: face.reason }),
    ...(face.message !== undefined && { message: face.message }),
    ready: face.ready ?? false,
    restarts: view.restarts,
    ...(Object.keys(view.restartsByEnd).length > 0 && { restartsByEnd: { ...view.restartsByEnd } }),
    failures: view.failures,
    ...(plan.next.type === 'StartAt' && { nextRestartAt: new Date(plan.next.at).toISOString() }),
    ...(life.type === 'Running' && runningFacts(life.pane, plan)),
    ...(life.type === 'Settling' && lastProcess(view, life.pane.mark.run)),
    ...(view.hasOutlived && lastProcess(view, view.previous?.run)),
    ...(run !== undefined && { run }),
    ...(startedAt !== undefined && { startedAt: new Date(startedAt).toISOString() }),
    ...(hash !== undefined && { hash }),
    ...(pane !== undefined && { pane: paneRef(pane) }),
    ...(lastExit !== undefined && { lastExit }),
    ...(plan.termination !== undefined && { termination: plan.termination }),
    ...(plan.leftovers !== undefined && { leftovers: plan.leftovers }),
    ...heldUntil(plan),
    ...(view.recoveries.length > 0 && { recoveries: [...view.recoveries] }),
  };
}

/** Until when the agent stands still for a usage limit: one that shows it, and one that is not started for it. */
function heldUntil({ view, next }: AgentPlan): Pick<AgentStatus, 'heldUntil'> {
  const until = next.type === 'Blocked' ? view.hold?.until : undefined;
  const shown = view.reading?.state === 'Limited' ? view.account?.limitedUntil : undefined;
  const ms = until ?? shown;
  return ms === undefined ? {} : { heldUntil: new Date(ms).toISOString() };
}

function runningFacts(pane: OwnPane, { view, next }: AgentPlan): Partial<AgentStatus> {
  const read = next.type === 'Keep' ? readingFace(view) : undefined;
  const { evidence, evidenceAt, rule } = read ?? { evidence: 'process' as const };
  const conversation = view.reading?.conversation ?? read?.conversation;
  return {
    pid: pane.pid,
    ...(pane.processStart !== undefined && { processStart: pane.processStart }),
    ...(evidence !== undefined && { evidence }),
    ...(evidenceAt !== undefined && { evidenceAt }),
    ...(rule !== undefined && { rule }),
    ...(conversation !== undefined && { conversation }),
  };
}

/** While it is not known whether the process has ended, its id stays said: the exit is to name it. */
function lastProcess({ previous }: AgentView, run: string | undefined): Partial<AgentStatus> {
  if (previous?.pid === undefined || previous.run !== run) return {};
  const { pid, processStart } = previous;
  return { pid, ...(processStart !== undefined && { processStart }) };
}

function paneRef(pane: OwnPane): NonNullable<AgentStatus['pane']> {
  return { server: pane.server, session: pane.sessionId, window: pane.windowId, id: pane.id };
}

function faceOf({ next, view, termination }: AgentPlan, standing: Standing | undefined): Face {
  switch (next.type) {
    case 'Keep':
      return view.life.type === 'Running' ? runningFace(view) : lastKnownFace(view);
    case 'Start':
      return { state: 'Starting', reason: 'Starting' };
    case 'StartAt':
      return view.failures > 1
        ? { state: 'CrashLoopBackOff', reason: 'CrashLoopBackOff', message: exitMessage(view.lastExit) }
        : { state: 'Starting', reason: 'Restarting', message: exitMessage(view.lastExit) };
    case 'Blocked':
      return { state: 'Pending', reason: view.obstacle?.reason ?? 'Unknown', message: view.obstacle?.message ?? '' };
    case 'Down':
      return { state: view.lastExit === undefined ? 'Pending' : 'Exited', ...standing };
    case 'Over':
      return { state: 'Exited', reason: endReason(view), message: exitMessage(view.lastExit) };
    case 'Ending':
    case 'Remove': {
      const alive = isRecovery(termination?.reason) ? 'Stuck' : 'Busy';
      const state = view.life.type === 'Running' ? alive : 'Exited';
      return {
        state,
        reason: termination?.reason ?? 'Terminating',
        message: endingMessage(termination, view),
      };
    }
    case 'Settling':
      return { state: 'Unknown', reason: 'Settling', message: settlingMessage(view) };
  }
}

function settlingMessage({ hasOutlived }: AgentView): string {
  if (!hasOutlived) return 'tmux and the process table disagree; looking again';
  return 'its terminal is gone, and its process lives on: that is ended before the next one begins';
}

function endingMessage(termination: Termination | undefined, { probe, stuck }: AgentView): string {
  const failed = termination?.reason === 'LivenessFailed' ? probe?.message : undefined;
  const why = isRecovery(termination?.reason) ? stuck?.message : failed;
  return `${why === undefined ? '' : `${why}; `}ending: ${termination?.stage ?? 'Begun'}`;
}

function runningFace(view: AgentView): Face {
  const { probe, desired, obstacle } = view;
  const stuck = stuckFace(view);
  if (stuck !== undefined) return stuck;
  const { state, reason, message = obstacle?.message } = readingFace(view) ?? { state: 'Busy' };
  if (desired?.readinessProbe !== undefined && probe?.ready !== true) {
    return { state, reason: reason ?? 'ReadinessFailed', message: message ?? unreadyMessage({ probe }) };
  }
  return {
    state,
    ...(state !== 'Starting' && !isUnheard(view) && { ready: true }),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
}

/** It is stuck, and nothing is done about it: that has been tried too often, or its spec does not want it again. */
function stuckFace(view: AgentView): Face | undefined {
  const { stuck, desired, recoveries } = view;
  if (stuck === undefined || desired === undefined) return undefined;
  const message = stuckMessage(stuck, isExhausted(desired, recoveries), recoveries.length);
  return { state: 'Stuck', reason: stuckReason(view), message };
}

/** Why an agent that is stuck is left so. */
export function stuckReason({ stuck, desired, recoveries }: AgentView): Reason {
  if (stuck === undefined || desired === undefined) return 'Unknown';
  return isExhausted(desired, recoveries) ? 'RecoveriesExhausted' : stuck.reason;
}

/** Why an agent that runs is not ready. */
export function unreadyMessage({ probe }: Pick<AgentView, 'probe'>): string {
  return probe?.message ?? 'its readiness probe has not succeeded yet';
}

/** An agent that nothing is decided about, since its spec is not in force: said as it was. */
function lastKnownFace({ lastExit, previous }: AgentView): Face {
  if (lastExit !== undefined) return { state: 'Exited', reason: lastExit.reason };
  return { state: previous?.state ?? 'Pending' };
}

function endReason({ lastExit }: AgentView): Reason {
  return lastExit?.reason === 'Completed' ? 'Completed' : 'Failed';
}
