import type { AgentReading } from '../../api/agent-reading.ts';
import type { EventNote, ProjectInput } from '../../api/decision.ts';
import type { AgentStatus, Compaction, ContextStatus } from '../../api/generated/all.ts';
import { hasEnded, type Mail } from '../../api/mail.ts';
import { agentUid } from '../../api/metadata.ts';
import { type Word, wordId } from '../../api/word.ts';
import type { AgentPlan } from './agent-plan.ts';

export interface Compacting {
  readonly context?: ContextStatus;
  readonly words: readonly Word[];
  readonly events: readonly EventNote[];
  readonly dueInMs?: number;
}

/*
 * An agent whose context is nearly full is told to compact when it is idle, and briefed again when it is idle after that:
 *
 *     low and idle → Compacting → Briefing → Done → (no longer low) → forgotten, so that the next time counts anew
 *                        └→ Failed ─────────────────────┘
 *
 * The time at which it was found low is on record before a word is said, and both words are told by it from others: who
 * comes after a crash says the same words, which the mailbox knows already.
 */
const BELOW_PERCENT = 10;
/** A program that does not show that it compacts has so long for it, in milliseconds. */
const UNSEEN_MS = 30_000;
/** Between two looks at what has become of a word, in milliseconds. */
const AGAIN_MS = 1000;
const BECAUSE = 'your conversation was compacted, and you go on in it';

export function planCompaction({ view, next }: AgentPlan, input: ProjectInput): Compacting {
  const { desired, previous, reading, life } = view;
  const left = reading?.contextLeft ?? previous?.context?.left;
  if (desired === undefined || left === undefined) return { words: [], events: [] };
  const whole = { left: Math.floor(left) };
  const { policy = 'own', compact, belowPercent = BELOW_PERCENT } = desired.program.context ?? {};
  if (policy !== 'compact' || compact === undefined) return { context: whole, words: [], events: [] };
  const begun = compactionOf(previous, reading);
  const nothing = { context: { ...whole, ...(begun !== undefined && { compaction: begun }) }, words: [], events: [] };
  if (next.type !== 'Keep' || life.type !== 'Running' || reading === undefined) return nothing;
  const isLow = left < belowPercent;
  const occasion = { agent: view.name, compact, hasBriefing: desired.briefing !== undefined, reading, input };
  if (begun === undefined) return isLow && reading.state === 'Idle' ? begin(whole, occasion) : nothing;
  return goOn({ ...whole, compaction: begun }, isLow, occasion);
}

/** What was begun concerns one conversation; another one begins with nothing in it. */
function compactionOf(previous: AgentStatus | undefined, reading: AgentReading | undefined): Compaction | undefined {
  const begun = previous?.context?.compaction;
  const { conversation } = reading ?? {};
  const isOther =
    conversation !== undefined && begun?.conversation !== undefined && begun.conversation !== conversation;
  return isOther ? undefined : begun;
}

interface Occasion {
  readonly agent: string;
  readonly compact: string;
  readonly hasBriefing: boolean;
  readonly reading: AgentReading;
  readonly input: ProjectInput;
}

type Begun = ContextStatus & { readonly compaction: Compaction };

function begin({ left }: ContextStatus, occasion: Occasion): Compacting {
  const { agent, reading, input } = occasion;
  const compaction: Compaction = {
    since: new Date(input.now).toISOString(),
    ...(reading.conversation !== undefined && { conversation: reading.conversation }),
    stage: 'Compacting',
  };
  const message = `agent ${agent}: ${left} % of its context is left; it is told to compact`;
  const context = { left, compaction };
  return { ...say(context, occasion), events: [{ type: 'Normal', reason: 'ContextLow', message, agent }] };
}

function goOn(context: Begun, isLow: boolean, occasion: Occasion): Compacting {
  const { stage } = context.compaction;
  switch (stage) {
    case 'Compacting':
      return compacting(context, isLow, occasion);
    case 'Briefing':
      return isSaid(context, occasion) ? end(at(context, 'Done'), isLow) : say(context, occasion);
    case 'Done':
    case 'Failed':
      return end(context, isLow);
  }
}

/** It is kept in mind for as long as the context stays low, so that nothing is said again. */
function end(context: Begun, isLow: boolean, events: Compacting['events'] = []): Compacting {
  return { context: isLow ? context : { left: context.left }, words: [], events };
}

function compacting(context: Begun, isLow: boolean, occasion: Occasion): Compacting {
  const { agent, reading, hasBriefing } = occasion;
  const mail = mailOf(context, occasion);
  if (mail === undefined || !hasEnded(mail)) return say(context, occasion);
  if (mail.state !== 'Confirmed' && mail.state !== 'Unconfirmed') {
    const message = `agent ${agent} could not be told to compact: ${mail.reason ?? mail.state}`;
    return end(at(context, 'Failed'), isLow, [{ type: 'Warning', reason: 'CompactionFailed', message, agent }]);
  }
  if (!hasBriefing) return end(at(context, 'Done'), isLow);
  if (!isOver(mail, isLow, occasion)) {
    return { context, words: [], events: [], ...(reading.state === 'Idle' && { dueInMs: AGAIN_MS }) };
  }
  return say(at(context, 'Briefing'), occasion);
}

/** It is idle again: it has been something else since, or has room, or showed nothing for so long that it must be. */
function isOver(mail: Mail, isLow: boolean, { reading, input }: Occasion): boolean {
  if (reading.state !== 'Idle') return false;
  return !isLow || reading.at > (mail.typedAt ?? 0) || input.now - (mail.endedAt ?? 0) >= UNSEEN_MS;
}

function isSaid(context: Begun, occasion: Occasion): boolean {
  const mail = mailOf(context, occasion);
  return mail !== undefined && hasEnded(mail);
}

function mailOf(context: Begun, occasion: Occasion): Mail | undefined {
  return occasion.input.observed.words?.get(wordId(wordOf(context, occasion)));
}

/** Said again with each look: who has it takes no notice. */
function say(context: Begun, occasion: Occasion): Compacting {
  const isDue = occasion.reading.state === 'Idle';
  return { context, words: [wordOf(context, occasion)], events: [], ...(isDue && { dueInMs: AGAIN_MS }) };
}

function wordOf({ compaction }: Begun, { agent, compact, input: { meta } }: Occasion): Word {
  const uid = agentUid(meta.uid, agent);
  const whom = { project: meta.name, projectUid: meta.uid, agent, uid, occasion: Date.parse(compaction.since) };
  return compaction.stage === 'Compacting'
    ? { ...whom, topic: 'compact', text: compact, manner: { plain: true, onlyIdle: true } }
    : { ...whom, topic: 'briefing', text: { because: BECAUSE }, manner: { onlyIdle: true } };
}

function at(context: Begun, stage: Compaction['stage']): Begun {
  return { ...context, compaction: { ...context.compaction, stage } };
}
