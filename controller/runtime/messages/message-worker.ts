/** Takes one Message once round: whom is it for, is it due, how does it stand. What is delivered is the postman's. */
import type { EventNote } from '../../api/decision.ts';
import type { Directory } from '../../api/directory.ts';
import type { Message, MessageStatus } from '../../api/generated/all.ts';
import { type Key, nameOf } from '../../api/key.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { type Mail, SENT_AT } from '../../api/mail.ts';
import { agentUid, hashOf, type StoredObject } from '../../api/metadata.ts';
import type { Postman } from '../mailbox/postman.ts';
import type { Outcome } from '../outcome.ts';

export type StoredMessage = StoredObject<MessageStatus>;

export interface WantedMessage {
  readonly message: Message;
  readonly origin: 'Spec' | 'Sent' | 'CheckIn';
}

/** What is decided of a message. Implemented by reconcile/message. */
export interface MessageVerdict {
  readonly status: MessageStatus;
  readonly post: readonly Omit<Mail, 'sequence'>[];
  readonly remove: boolean;
  readonly lookAgainMs?: number;
  readonly events: readonly EventNote[];
}

export interface MessageWorkerOptions {
  /** Undefined: there is no such message; `Unsure`: that cannot be said yet. */
  readonly wanted: (name: string) => WantedMessage | 'Unsure' | undefined;
  readonly directory: (to: Message['spec']['to']) => Directory;
  readonly decide: (input: {
    readonly name: string;
    readonly origin: WantedMessage['origin'];
    readonly spec: Message['spec'];
    readonly specHash: string;
    readonly generation: number;
    readonly since: number;
    readonly previous: MessageStatus | undefined;
    readonly directory: Directory;
    readonly mailOf: (uid: string, id: string) => Mail | undefined;
    readonly hops: number;
    readonly now: number;
  }) => MessageVerdict;
  readonly records: {
    get(key: Key): StoredMessage | undefined;
    put(key: Key, object: StoredMessage): void;
    remove(key: Key): void;
  };
  readonly postman: Pick<Postman, 'post' | 'mail' | 'mails' | 'withdraw'>;
  readonly removeSent: (name: string) => Promise<void>;
  readonly onEvent: (name: string, note: EventNote) => void;
  readonly newUid: () => string;
  readonly now: () => number;
}

/** What comes so shortly after a delivery to the sender, in milliseconds, is taken for an answer to it. */
const ANSWER_MS = 60_000;
const AT_MOST_MS = 2_000_000_000;

export function createMessageWorker(options: MessageWorkerOptions) {
  const { records, postman, now } = options;

  async function work(key: Key): Promise<Outcome> {
    const name = nameOf(key);
    const stored = records.get(key);
    const wanted = options.wanted(name);
    if (wanted === 'Unsure') return { type: 'LookAgain', inMs: 1000 };
    if (wanted === undefined) return forget(key, stored);
    const { message, origin } = wanted;
    const specHash = hashOf(message.spec);
    const isSame = stored?.specHash === specHash;
    const meta = metaOf(message, stored, isSame);
    const verdict = options.decide({
      name,
      origin,
      spec: message.spec,
      specHash,
      generation: meta.generation,
      since: Date.parse(meta.creationTimestamp),
      previous: isSame ? stored.status : undefined,
      directory: options.directory(message.spec.to),
      mailOf: postman.mail,
      hops: hopsOf(message, Date.parse(meta.creationTimestamp)),
      now: now(),
    });
    if (verdict.remove) {
      await options.removeSent(name);
      return { type: 'LookAgain', inMs: 0 };
    }
    const status = await post(verdict);
    records.put(key, { apiVersion: API_VERSION, kind: 'Message', metadata: meta, specHash, status });
    for (const note of verdict.events) options.onEvent(name, note);
    const { lookAgainMs } = verdict;
    return lookAgainMs === undefined
      ? { type: 'Settled' }
      : { type: 'LookAgain', inMs: Math.min(lookAgainMs, AT_MOST_MS) };
  }

  /** The mailbox first, the status after it: a crash in between puts the same mails in again, which it knows already. */
  async function post({ status, post: mails }: MessageVerdict): Promise<MessageStatus> {
    const full = new Set<string>();
    for (const mail of mails) if ((await postman.post(mail)) === 'Full') full.add(mail.id);
    if (full.size === 0) return status;
    const deliveredAt = new Date(now()).toISOString();
    const targets = status.targets.map((target) =>
      full.has(target.id) ? { ...target, state: 'Refused' as const, reason: 'MailboxFull', deliveredAt } : target,
    );
    return { ...status, targets };
  }

  /** What waits of it is taken out again; what is under way arrives. */
  async function forget(key: Key, stored: StoredMessage | undefined): Promise<Outcome> {
    if (stored === undefined) return { type: 'Settled' };
    for (const { project, agent, id } of stored.status.targets ?? []) {
      const uid = options.directory({ project }).projects[0]?.uid;
      if (uid !== undefined) await postman.withdraw(agentUid(uid, agent), id);
    }
    records.remove(key);
    return { type: 'Settled' };
  }

  function metaOf(message: Message, stored: StoredMessage | undefined, isSame: boolean): StoredMessage['metadata'] {
    const { name, labels, annotations } = message.metadata;
    return {
      name,
      uid: stored?.metadata.uid ?? options.newUid(),
      generation: stored === undefined ? 1 : stored.metadata.generation + Number(!isSame),
      creationTimestamp: stored?.metadata.creationTimestamp ?? new Date(sentAt(annotations) ?? now()).toISOString(),
      finalizers: [],
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
    };
  }

  /** An agent that sends right after it was told something answers: that is one hop more than it was told by. */
  function hopsOf({ spec: { from } }: Message, sentAt: number): number {
    if (from === undefined) return 0;
    const uid = options.directory({ project: from.project }).projects[0]?.uid;
    const told = uid === undefined ? [] : postman.mails(agentUid(uid, from.agent));
    const answered = told
      .filter(({ endedAt, typedAt }) => {
        const at = endedAt ?? typedAt ?? 0;
        return at <= sentAt && sentAt - at < ANSWER_MS;
      })
      .map((mail) => mail.from?.hops ?? 0);
    return Math.max(from.hops ?? 0, ...answered) + 1;
  }

  /** What was said while no controller ran was said then; a stamp of a clock that is ahead is none. */
  function sentAt(annotations: Readonly<Record<string, string>> = {}): number | undefined {
    const at = Date.parse(annotations[SENT_AT] ?? '');
    return at <= now() ? at : undefined;
  }

  return { work };
}
