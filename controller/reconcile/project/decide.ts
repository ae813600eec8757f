/**
 * The decision about a Project: from what is wanted and what was seen to what is to be done and what is to be said.
 * Pure: no clock, no file, no process, no package with effects; the same input gives the same decision.
 */
import type { Action } from '../../api/action.ts';
import type { Decision, ProjectInput } from '../../api/decision.ts';
import type { AgentStatus, ProjectStatus } from '../../api/generated/all.ts';
import type { ObservedTmux } from '../../api/observed.ts';
import { type AgentPlan, isDown, planAgent } from './agent-plan.ts';
import { agentStatus } from './agent-status.ts';
import { type AgentView, viewAgents } from './agent-view.ts';
import { planAnswer } from './answering.ts';
import { planCompaction } from './compaction.ts';
import { conditionsOf } from './conditions.ts';
import { courseDue, isExpiring } from './course/due.ts';
import { finishActions, withoutOldRound, workStatus } from './course/finish-work.ts';
import { refusalWords } from './course/refusal-words.ts';
import { courseEvents, deadlineWords } from './course/telling.ts';
import { type Course, claimOf, planCourse, settleCourse } from './course.ts';
import { stageEndsInMs } from './ending.ts';
import { eventsBetween } from './events.ts';
import { factsOf, unknownFacts } from './facts.ts';
import { missedLogin } from './holding.ts';
import { type Intent, standingOf } from './intent.ts';
import { phaseOf } from './phase.ts';
import { findSession, type SessionFact } from './places.ts';
import { planReminders } from './reminding.ts';
import { removeActions, removeSession } from './removing.ts';
import { repairActions } from './repairing.ts';
import { reportOf } from './reporting.ts';
import { planRetry } from './retrying.ts';
import { startActions } from './starting.ts';
import { planTelling, type Telling } from './telling.ts';
import { isReleased, placesOf, treeActions, treeEvents, treeFacts, treeStatus, withTree } from './work-trees.ts';

/** Milliseconds between two tries where a person has to put something right first. */
const BLOCKED_MS = 5000;
/** Milliseconds between two looks at whose turn it is to be started anew after a login. */
const TURN_MS = 1000;
/** The second look at a vanished spec comes by then, in milliseconds. */
const GONE_MS = 300;
/** The one at a changed spec tells of itself, and of hundreds that wait none needs to be looked at meanwhile. Milliseconds. */
const CHANGED_MS = 1000;
/** Milliseconds between two looks at the processes that a run left behind, while they are being ended. */
const LEFTOVER_MS = 1000;

export function decideProject(seen: ProjectInput): Decision {
  const input = withoutOldRound(seen);
  const { tmux } = input.observed;
  return tmux.state === 'Known' ? decideKnown(input, tmux.value) : decideUnknown(input);
}

/** Unknown is not dead: nothing is done, and what was known stays said, as Unknown. */
function decideUnknown(input: ProjectInput): Decision {
  const facts = unknownFacts(input);
  const agents = (input.previous?.agents ?? []).map((agent) => ({
    ...agent,
    state: 'Unknown' as const,
    ready: false,
    reason: 'NotLooked' as const,
  }));
  const status: ProjectStatus = {
    observedGeneration: input.meta.generation,
    phase: phaseOf(facts, input.meta.deletionTimestamp !== undefined, input.previous?.phase),
    conditions: conditionsOf(facts, input.previous?.conditions ?? [], stamp(input)),
    agents,
    ...(input.previous?.session !== undefined && { session: input.previous.session }),
    ...(input.previous?.run !== undefined && { run: input.previous.run }),
    ...(input.previous?.attempts !== undefined && { attempts: input.previous.attempts }),
    ...treeStatus(input),
    ...(input.previous?.completion !== undefined && { completion: input.previous.completion }),
    ...workStatus(input.previous?.run, input),
  };
  const events = eventsBetween(input.previous, status);
  return {
    actions: [],
    status,
    events,
    words: [],
    claim: 'Unknown',
    expired: false,
    finished: false,
    lookAgain: { type: 'WhileSettling' },
  };
}

function decideKnown(input: ProjectInput, tmux: ObservedTmux): Decision {
  const { meta, desired } = input;
  const seen = viewAgents(input, tmux);
  const course = planCourse(input, seen);
  const views = isSameAttempt(course, input) ? seen : viewAgents(inAttempt(course, input), tmux);
  const plans = views.map((view) => planAgent(view, input, course.intent));
  const { run, attempts } = settleCourse(course, plans, input);
  const answers = new Map(plans.map((plan) => [plan.view.name, planAnswer(plan, input)]));
  const compactions = new Map(plans.map((plan) => [plan.view.name, planCompaction(plan, input)]));
  const tellings = plans.map((plan) => planTelling(plan, input));
  const retries = new Map(plans.map((plan) => [plan.view.name, planRetry(plan, input)]));
  const reminders = planReminders(plans, input, run);
  const session = findSession(tmux, meta.name, meta.uid);
  const repairs = actionsOf(input, plans, { fact: session, tmux, intent: course.intent });
  const expired = isExpiring(run, plans, { input, session });
  const isExpired = expired || run?.expiredAt !== undefined;
  const gone = desired.type === 'Absent' && plans.every(({ next }) => next.type === 'Remove');
  const isGone = gone && meta.deletionTimestamp !== undefined && session.type !== 'Up' && repairs.length === 0;
  const trees = { input, plans, intent: course.intent, run, isGone, isExpired };
  const arranging = treeActions(trees);
  const actions = [
    ...arranging,
    ...repairs,
    ...[...answers.values()].flatMap((answer) => answer.actions),
    ...finishActions(run, input),
  ];
  const settling = plans.some(({ next }) => next.type === 'Settling' || next.type === 'Ending');
  const busy = actions.length > 0 || settling || plans.some(({ leftovers }) => leftovers !== undefined);
  const facts = [...factsOf({ input, plans, session, busy, course, run }), ...treeFacts(trees)];
  const kept = plans.filter((plan) => plan.next.type !== 'Remove' || 'pane' in plan.view.life);
  const status: ProjectStatus = {
    observedGeneration: meta.generation,
    phase: phaseOf(facts, meta.deletionTimestamp !== undefined, input.previous?.phase),
    conditions: conditionsOf(facts, input.previous?.conditions ?? [], stamp(input)),
    agents: kept.map((plan) => {
      const approval = answers.get(plan.view.name)?.approval;
      const context = compactions.get(plan.view.name)?.context;
      const failedTurn = retries.get(plan.view.name)?.failedTurn;
      const git = reminders.get(plan.view.name)?.git;
      return {
        ...withTree(withReport(agentStatus(plan, meta.uid, standingOf(course.intent)), input), input),
        ...(approval !== undefined && { approval }),
        ...(context !== undefined && { context }),
        ...(failedTurn !== undefined && { failedTurn }),
        ...(git !== undefined && { git }),
      };
    }),
    ...(session.type === 'Up' && {
      session: { server: session.session.server, id: session.session.id, name: session.session.name },
    }),
    ...(run !== undefined && { run: expired ? { ...run, expiredAt: iso(input.now) } : run }),
    ...(attempts !== undefined && attempts.length > 0 && { attempts: [...attempts] }),
    ...treeStatus(input),
    ...completionStatus(course, input),
    ...workStatus(run, input),
  };
  const finished = isGone && actions.length === 0 && isReleased(input);
  const due = soonest(nextLook(plans, input.now, settling), [
    ...answers.values(),
    ...compactions.values(),
    ...reminders.values(),
    ...retries.values(),
    ...tellings,
    courseDue(run, input, course.scene?.judgement),
  ]);
  const lookAgain = isUnconfirmed(input) ? { type: 'In' as const, ms: untilConfirmed(input, due) } : due;
  const told = [...compactions.values(), ...reminders.values(), ...retries.values()];
  const events = [
    ...eventsBetween(input.previous, status),
    ...courseEvents(input.previous, status),
    ...treeEvents(input.previous, status),
    ...told.flatMap((one) => one.events),
  ];
  const words = [
    ...[...told, ...tellings].flatMap((one) => one.words),
    ...deadlineWords(run, plans, input),
    ...refusalWords(run, input),
  ];
  const claim = claimOf(course, plans, { desired, stage: run?.stage });
  const made = { actions, status, events, words, claim, places: placesOf(input), expired, finished };
  return { ...made, ...(lookAgain !== undefined && { lookAgain }) };
}

function isSameAttempt({ run }: Course, { previous }: ProjectInput): boolean {
  return run?.priorRuns === previous?.run?.priorRuns;
}

/** An attempt that begins sees its agents as such that have not run yet. */
function inAttempt({ run }: Course, input: ProjectInput): ProjectInput {
  if (input.previous === undefined || run === undefined) return input;
  return { ...input, previous: { ...input.previous, run } };
}

interface Scene {
  readonly fact: SessionFact;
  readonly tmux: ObservedTmux;
  readonly intent: Intent;
}

function actionsOf(input: ProjectInput, plans: readonly AgentPlan[], { fact, tmux, intent }: Scene): readonly Action[] {
  const { meta, desired, server } = input;
  const place = { owner: { project: meta.name, uid: meta.uid }, server, fact, tmux };
  const endings = plans.flatMap(({ actions }) => actions);
  if (desired.type === 'Absent') {
    const removal = meta.deletionTimestamp === undefined ? [] : removeSession(plans, place);
    return [...wakeServers(plans), ...endings, ...removal];
  }
  if (desired.type === 'Rejected') return [];
  if (intent.type === 'End' && intent.session === 'End' && plans.every(isDown)) {
    return [...wakeServers(plans), ...endings, ...removeSession(plans, place)];
  }
  // What starts comes before what ends, so that a session never loses its last window on the way.
  const starts = startActions(plans, place);
  return [
    ...wakeServers(plans),
    ...starts,
    ...(starts.length === 0 ? repairActions(plans, place) : []),
    ...endings,
    ...removeActions(plans, tmux, place.owner),
  ];
}

/**
 * tmux may have missed the end of a process: it is asked to look, once a server. Where the process table says how it
 * ended nobody waits for that, and it is only asked, the first time, to collect the zombie.
 */
function wakeServers(plans: readonly AgentPlan[]): Action[] {
  const servers = plans.flatMap(({ view: { life, previous } }) => {
    if (life.type === 'Settling') return [life.pane.server];
    const isNewEnd = life.type === 'Ended' && life.pane.mark.run !== previous?.lastExit?.run;
    return isNewEnd && life.pane.process === 'Zombie' ? [life.pane.server] : [];
  });
  return [...new Set(servers)].map((server) => ({ type: 'WakeServer', server }));
}

function nextLook(plans: readonly AgentPlan[], now: number, settling: boolean): Decision['lookAgain'] {
  if (settling) {
    const stages = plans.flatMap(({ next, view, termination, leftovers }) => [
      ...(next.type === 'Ending' && termination !== undefined ? [stageEndsInMs(termination, view.stop, now)] : []),
      ...(view.hasOutlived && leftovers !== undefined ? [stageEndsInMs(leftovers, view.stop, now)] : []),
    ]);
    return { type: 'WhileSettling', ...(stages.length > 0 && { atLatestMs: Math.min(...stages) }) };
  }
  const times = plans.flatMap(({ next, view, leftovers }) => [
    ...(missedLogin(view.account, view.reading, now) ? [TURN_MS] : []),
    ...(next.type === 'StartAt' ? [Math.max(0, next.at - now)] : []),
    ...(next.type === 'Blocked' ? [BLOCKED_MS] : []),
    ...(isNewlyDown(view) ? [LEFTOVER_MS] : []),
    ...(leftovers === undefined ? [] : [Math.min(LEFTOVER_MS, stageEndsInMs(leftovers, view.stop, now))]),
  ]);
  return times.length === 0 ? undefined : { type: 'In', ms: Math.min(...times) };
}

/** Whether it is started again or not: the next look, with the end on record, asks for what it left behind. */
function isNewlyDown({ lastExit, previous }: AgentView): boolean {
  return lastExit !== undefined && lastExit.run !== previous?.lastExit?.run;
}

/** An answer that is to be given again, or a word, is waited for beside everything else. */
function soonest(next: Decision['lookAgain'], others: readonly Pick<Telling, 'dueInMs'>[]): Decision['lookAgain'] {
  const due = Math.min(...others.map(({ dueInMs }) => dueInMs ?? Number.POSITIVE_INFINITY));
  if (!Number.isFinite(due)) return next;
  if (next?.type === 'WhileSettling') return { ...next, atLatestMs: Math.min(due, next.atLatestMs ?? due) };
  return { type: 'In', ms: Math.min(due, next?.ms ?? due) };
}

/** Much of what is due waits for the second look as well, and would be due at once, again and again. */
function untilConfirmed({ desired }: ProjectInput, due: Decision['lookAgain']): number {
  if (desired.type === 'Absent' || due?.type === 'WhileSettling') return GONE_MS;
  return Math.min(CHANGED_MS, Math.max(GONE_MS, due?.ms ?? CHANGED_MS));
}

function isUnconfirmed({ desired }: ProjectInput): boolean {
  return desired.type !== 'Rejected' && !desired.confirmed;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function stamp({ meta, now }: ProjectInput): { readonly generation: number; readonly now: number } {
  return { generation: meta.generation, now };
}

/** What has its result was judged for the last time. */
function completionStatus({ scene }: Course, { desired, previous }: ProjectInput): Pick<ProjectStatus, 'completion'> {
  if (desired.type === 'Present' && desired.project.completion === undefined) return {};
  const completion = scene?.judgement?.status ?? previous?.completion;
  return completion === undefined ? {} : { completion };
}

function withReport(agent: AgentStatus, input: ProjectInput): AgentStatus {
  const report = reportOf(agent.name, input);
  return report === undefined ? agent : { ...agent, report };
}
