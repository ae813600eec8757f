/**
 * What becomes of a Message: whom it is for, whether it is due, what goes into which mailbox, and how it stands. Pure.
 * Whether and when something is typed is the mailbox's to decide.
 */
import type { EventNote } from '../../api/decision.ts';
import type { Directory } from '../../api/directory.ts';
import type { MessageSpec, MessageStatus, TargetStatus } from '../../api/generated/all.ts';
import { type Mail, mailId } from '../../api/mail.ts';
import { agentUid as agentUidOf } from '../../api/metadata.ts';
import { conditionOf } from './condition.ts';
import { type Due, dueOf } from './schedule.ts';
import { phaseOf, refused, targetStatus } from './status.ts';
import { type Resolved, resolve, type Target } from './targets.ts';

/** Where a message comes from. `CheckIn`: a project's agent declares it. `Sent`: muxlet keeps its file itself. */
export type Origin = 'Spec' | 'Sent' | 'CheckIn';

export interface MessageInput {
  readonly name: string;
  readonly origin: Origin;
  readonly spec: MessageSpec;
  readonly specHash: string;
  readonly generation: number;
  /** When it came to be, in milliseconds since the epoch. */
  readonly since: number;
  /** Of this very spec; absent for a new one, and for one that has been changed. */
  readonly previous: MessageStatus | undefined;
  readonly directory: Directory;
  readonly mailOf: (uid: string, id: string) => Mail | undefined;
  /** Through how many agents it has gone, this sender included. */
  readonly hops: number;
  readonly now: number;
}

export interface MessageDecision {
  readonly status: MessageStatus;
  readonly post: readonly Omit<Mail, 'sequence'>[];
  /** Its file goes: everything is over, and long enough. */
  readonly remove: boolean;
  readonly lookAgainMs?: number;
  readonly events: readonly EventNote[];
}

/** A message that comes of a message that comes of a message …: so many agents, and it goes no further. */
const MAX_HOPS = 5;
const TTL_S = 86_400;
const SOON_MS = 1000;

export function decideMessage(input: MessageInput): MessageDecision {
  const { spec, previous, hops } = input;
  if (previous?.finishedAt !== undefined) return afterEnd(previous, input);
  if (hops >= MAX_HOPS) {
    const message = `it went through ${hops} agents, each of which answered at once: the loop is cut`;
    return refuse({ type: 'Unknown', reason: 'LoopCut', message }, input);
  }
  const resolved = resolve(spec, input.directory);
  if (resolved.type === 'Unknown') return refuse(resolved, input);
  if (resolved.type === 'NotYet') return wait(input);
  return send(resolved.targets, input);
}

/** What has ended stays as it is, but for a late proof of a delivery. */
function afterEnd(previous: MessageStatus, input: MessageInput): MessageDecision {
  const { origin, spec, now } = input;
  const removeAt = Date.parse(previous.finishedAt ?? '') + (spec.ttlSecondsAfterFinished ?? TTL_S) * 1000;
  const targets = previous.targets.map((target) => follow(target, input));
  const status = { ...previous, targets, phase: previous.phase === 'Failed' ? previous.phase : phaseOf(targets) };
  if (origin !== 'Sent') return { status, post: [], remove: false, events: [] };
  return { status, post: [], remove: now >= removeAt, lookAgainMs: Math.max(SOON_MS, removeAt - now), events: [] };
}

/** Where there is no such target. A spec that is there waits for one to come; what was sent is over. */
function refuse(why: Extract<Resolved, { type: 'Unknown' }>, input: MessageInput): MessageDecision {
  const { origin, previous, generation, now } = input;
  const wasKnown = (previous?.targets.length ?? 0) > 0;
  const reason = wasKnown && why.reason !== 'LoopCut' ? 'TargetGone' : why.reason;
  const condition = conditionOf(previous, { status: 'False', reason, message: why.message, generation, now });
  const isNew = previous?.conditions.every((one) => one.status !== 'False' || one.reason !== reason) ?? true;
  const status: MessageStatus = {
    observedGeneration: generation,
    phase: 'Failed',
    conditions: [condition],
    ...(previous?.occurrence !== undefined && { occurrence: previous.occurrence }),
    ...(previous?.lastSentAt !== undefined && { lastSentAt: previous.lastSentAt }),
    ...(origin === 'Sent' && { finishedAt: new Date(now).toISOString() }),
    targets: (previous?.targets ?? []).map((target) => follow(target, input)),
  };
  const note: EventNote = { type: 'Warning', reason, message: why.message };
  return { status, post: [], remove: false, events: isNew ? [note] : [] };
}

function wait({ previous, generation, now }: MessageInput): MessageDecision {
  const status: MessageStatus = previous ?? {
    observedGeneration: generation,
    phase: 'Pending',
    conditions: [
      conditionOf(previous, {
        status: 'Unknown',
        reason: 'NotLooked',
        message: 'its target is looked for',
        generation,
        now,
      }),
    ],
    targets: [],
  };
  return { status, post: [], remove: false, lookAgainMs: SOON_MS, events: [] };
}

function send(targets: readonly Target[], input: MessageInput): MessageDecision {
  const { spec, previous, origin, generation, since, now } = input;
  const due = dueOf(spec, since, now, origin === 'CheckIn');
  const { occurrence, nextAt } = due;
  const isLate = spec.every === undefined && spec.deadline !== undefined && now > Date.parse(spec.deadline);
  const isDue = occurrence > (previous?.occurrence ?? 0) && !isLate;
  const speaking = isDue ? targets.filter(({ speaks }) => speaks) : [];
  const post = speaking.map((target) => mailOf(target, due, input));
  const shown = isDue
    ? targets.map((target) => firstStatus(target, due, input))
    : (previous?.targets ?? []).map((target) => follow(target, input));
  const missed = isLate && (previous?.occurrence ?? 0) === 0 && occurrence > 0;
  const isOver =
    nextAt === undefined && (missed || shown.every(({ state }) => state !== 'Queued' && state !== 'Delivering'));
  const phase = missed ? 'Failed' : shown.length === 0 ? 'Scheduled' : phaseOf(shown);
  const message = missed ? 'its deadline was over before it could be sent' : 'its targets are known';
  const reason = missed ? 'DeadlineExceeded' : 'Accepted';
  const status: MessageStatus = {
    observedGeneration: generation,
    phase,
    conditions: [conditionOf(previous, { status: missed ? 'False' : 'True', reason, message, generation, now })],
    occurrence: isLate ? (previous?.occurrence ?? 0) : occurrence,
    ...lastSent(isDue, input),
    ...(nextAt !== undefined && { nextAt: new Date(nextAt).toISOString() }),
    ...(isOver && { finishedAt: new Date(now).toISOString() }),
    targets: shown,
  };
  const late: EventNote[] = missed ? [{ type: 'Warning', reason: 'DeadlineExceeded', message }] : [];
  const events = [...late, ...newEnds(previous?.targets ?? [], shown)];
  const again = isOver ? SOON_MS : nextAt === undefined ? undefined : Math.max(1, nextAt - now);
  return { status, post, remove: false, events, ...(again !== undefined && { lookAgainMs: again }) };
}

function lastSent(isDue: boolean, { previous, now }: MessageInput): Pick<MessageStatus, 'lastSentAt'> {
  if (isDue) return { lastSentAt: new Date(now).toISOString() };
  return previous?.lastSentAt === undefined ? {} : { lastSentAt: previous.lastSentAt };
}

function mailOf(target: Target, { occurrence, dueAt }: Due, input: MessageInput): Omit<Mail, 'sequence'> {
  const { name, specHash, spec, hops, now } = input;
  const dedupeKey = spec.dedupeKey ?? (spec.every === undefined ? undefined : `every ${name}`);
  const { project, projectUid, agent, uid } = target;
  return {
    id: mailId({ message: name, specHash, occurrence, uid }),
    message: name,
    occurrence,
    project,
    projectUid,
    agent,
    uid,
    text: spec.text,
    ...(spec.from !== undefined && { from: { project: spec.from.project, agent: spec.from.agent, hops } }),
    priority: spec.priority ?? 0,
    dueAt,
    queuedAt: now,
    ...(spec.deadline !== undefined && { notAfter: Date.parse(spec.deadline) }),
    ...(dedupeKey !== undefined && { dedupeKey }),
    state: 'Queued',
    tries: 0,
  };
}

function firstStatus(target: Target, due: Due, input: MessageInput): TargetStatus {
  const mail = mailOf(target, due, input);
  if (!target.speaks) return refused(mail, 'NoDelivery', 'its class does not say how it is spoken to', input.now);
  return targetStatus(input.mailOf(target.uid, mail.id) ?? mail);
}

/** What the mailbox says now; once it has forgotten, what it said last. */
function follow(target: TargetStatus, input: MessageInput): TargetStatus {
  const project = input.directory.projects.find(({ name }) => name === target.project);
  const mail = project?.uid === undefined ? undefined : findMail(target, project.uid, input);
  if (mail !== undefined) return targetStatus(mail);
  const hasEnded = target.state !== 'Queued' && target.state !== 'Delivering';
  // The agent is gone, and what waited for it with it.
  return hasEnded ? target : { ...target, state: 'Expired', reason: 'TargetGone', deliveredAt: iso(input.now) };
}

function findMail({ agent, id }: TargetStatus, projectUid: string, input: MessageInput): Mail | undefined {
  return input.mailOf(agentUidOf(projectUid, agent), id);
}

function newEnds(before: readonly TargetStatus[], after: readonly TargetStatus[]): EventNote[] {
  return after.flatMap((target): EventNote[] => {
    const { id, state, project, agent, reason, message, tries } = target;
    if (state !== 'DeadLetter' && state !== 'Expired' && state !== 'Refused') return [];
    if (before.find((one) => one.id === id)?.state === state) return [];
    const why = `${reason ?? 'Failed'}${message === undefined ? '' : `: ${message}`}`;
    if (state === 'DeadLetter') {
      const text = `not delivered to ${project}/${agent} in ${tries} tries, given up: ${why}`;
      return [{ type: 'Warning', reason: 'DeadLetter', message: text }];
    }
    const eventReason =
      state === 'Expired' ? 'DeadlineExceeded' : reason === 'MailboxFull' ? 'MailboxFull' : 'NoDelivery';
    return [{ type: 'Warning', reason: eventReason, message: `not delivered to ${project}/${agent}: ${why}` }];
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
