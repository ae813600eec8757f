import { createHash } from 'node:crypto';

/**
 * One text on its way to one agent: what state/agents/UID/inbox/ID.json holds. Times are milliseconds since the epoch.
 *
 *     Queued → Typing → Typed → Confirmed | Unconfirmed
 *        └──→ Superseded | Expired | DeadLetter ←──┘
 *
 * `Typing` is on disk before a key is sent; who finds it after a crash knows that it may have been typed, or not.
 */
export interface Mail {
  readonly id: string;
  /** The Message that it comes from, and which time that was. */
  readonly message: string;
  readonly occurrence: number;
  readonly project: string;
  readonly projectUid: string;
  readonly agent: string;
  /** The agent's. */
  readonly uid: string;
  readonly text: string;
  /** Goes as it stands, without the mark: a command of the program itself, such as /compact. */
  readonly plain?: true;
  readonly from?: { readonly project: string; readonly agent: string; readonly hops: number };
  readonly priority: number;
  /** When it was to be said: what was due first goes first, whichever was put in first. */
  readonly dueAt: number;
  readonly queuedAt: number;
  /** Tells equals apart: the order in which they came. */
  readonly sequence: number;
  readonly notAfter?: number;
  readonly dedupeKey?: string;
  /**
   * When the limit ended that it is about, in milliseconds since the epoch: it alone is delivered to an agent that still
   * shows that limit, and before all else.
   */
  readonly afterLimit?: number;
  /** Never handed to an agent that works, though its class queues what comes meanwhile. */
  readonly onlyIdle?: true;

  readonly state: MailState;
  /** Deliveries that failed. Waiting is none. */
  readonly tries: number;
  readonly nextTryAt?: number;
  /** What it waits for or why it ended, in one word and for a person. */
  readonly reason?: string;
  readonly detail?: string;
  /** The run of the agent that it was typed to. */
  readonly run?: string;
  readonly typedAt?: number;
  /** How often the keys that submit were sent since it was typed, or since the last failed try; and when first and last. */
  readonly enters?: number;
  readonly firstEnterAt?: number;
  readonly enterAt?: number;
  /** When the input box was first seen without it again. */
  readonly leftAt?: number;
  readonly endedAt?: number;
}

export type MailState =
  | 'Queued'
  | 'Typing'
  | 'Typed'
  | 'Confirmed'
  | 'Unconfirmed'
  | 'Superseded'
  | 'Expired'
  | 'DeadLetter';

const STATE_NAMES: Readonly<Record<MailState, true>> = {
  Queued: true,
  Typing: true,
  Typed: true,
  Confirmed: true,
  Unconfirmed: true,
  Superseded: true,
  Expired: true,
  DeadLetter: true,
};
const WORDS = ['id', 'message', 'project', 'projectUid', 'agent', 'uid', 'text'] as const;
const NUMBERS = ['occurrence', 'priority', 'dueAt', 'queuedAt', 'sequence', 'tries'] as const;
const TIMES = [
  'notAfter',
  'afterLimit',
  'nextTryAt',
  'typedAt',
  'enters',
  'firstEnterAt',
  'enterAt',
  'leftAt',
  'endedAt',
];

/** Whether a record holds what is decided by: of one that does not, each turn of its mailbox would fail. */
export function isMail(raw: unknown): raw is Mail {
  if (typeof raw !== 'object' || raw === null) return false;
  const record = raw as Readonly<Record<string, unknown>>;
  return (
    WORDS.every((name) => typeof record[name] === 'string') &&
    NUMBERS.every((name) => Number.isFinite(record[name])) &&
    TIMES.every((name) => record[name] === undefined || Number.isFinite(record[name])) &&
    Object.hasOwn(STATE_NAMES, String(record['state']))
  );
}

/** The annotation of a Message that says when it was sent: in that order they go, whichever is seen first. */
export const SENT_AT = 'muxlet.dev/sent-at';

/** The same text for the same agent has the same id, whoever works it out and when: it is never put in twice. */
export function mailId(words: {
  readonly message: string;
  readonly specHash: string;
  readonly occurrence: number;
  readonly uid: string;
}): string {
  const { message, specHash, occurrence, uid } = words;
  return createHash('sha256').update(`${message} ${specHash} ${occurrence} ${uid}`).digest('hex').slice(0, 8);
}

/** What the agent's own records are searched for: the beginning of the mark that stands before the text. */
export function markOf({ id }: Pick<Mail, 'id'>): string {
  return `[msg ${id}`;
}

/** Whether nothing is left to be done for it. */
export function hasEnded({ state }: Pick<Mail, 'state'>): boolean {
  return state !== 'Queued' && state !== 'Typing' && state !== 'Typed';
}

/** Whether it has been, or is being, handed to the program. */
export function isUnderWay({ state }: Pick<Mail, 'state'>): boolean {
  return state === 'Typing' || state === 'Typed';
}
