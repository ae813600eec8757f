import { type Mail, mailId } from './mail.ts';

/**
 * Something that the controller itself tells an agent. It is said once, however often it is asked for: the same topic and
 * occasion for the same agent is the same mail.
 */
export interface Word {
  readonly project: string;
  readonly projectUid: string;
  readonly agent: string;
  /** The agent's. */
  readonly uid: string;
  readonly topic: 'limit-over' | 'compact' | 'briefing' | 'deadline' | 'refused' | 'uncommitted' | 'turn-failed';
  /** What tells one such word from the next: the time of what it is about, in milliseconds since the epoch. */
  readonly occasion: number;
  readonly text: string | BriefAgain;
  /** How it is delivered, other than what people send. */
  readonly manner: Pick<Mail, 'plain' | 'afterLimit' | 'onlyIdle' | 'dedupeKey'>;
}

/** The agent's recovery briefing, made when it is said. */
export interface BriefAgain {
  /** Why it is told again, for the agent; else how its last run ended. */
  readonly because?: string;
}

/** Before what waits of everyday talk. */
const PRIORITY = 20;

export function wordId({ topic, occasion, uid }: Pick<Word, 'topic' | 'occasion' | 'uid'>): string {
  return mailId({ message: messageOf(topic), specHash: '', occurrence: occasion, uid });
}

/** @param text what the word says, rendered */
export function mailOfWord(word: Word, text: string, queuedAt: number): Omit<Mail, 'sequence'> {
  const { project, projectUid, agent, uid, topic, occasion, manner } = word;
  return {
    id: wordId(word),
    message: messageOf(topic),
    occurrence: occasion,
    project,
    projectUid,
    agent,
    uid,
    text,
    ...manner,
    priority: PRIORITY,
    dueAt: queuedAt,
    queuedAt,
    state: 'Queued',
    tries: 0,
  };
}

export function isWord({ message }: Pick<Mail, 'message'>): boolean {
  return message.startsWith('@');
}

/** No Message that anybody sends can have such a name. */
function messageOf(topic: Word['topic']): string {
  return `@${topic}`;
}
