import type { Queue, QueueStatus, Slot } from '../../api/generated/all.ts';
import { type Key, nameOf } from '../../api/key.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { hashOf, type StoredObject } from '../../api/metadata.ts';
import type { Ground, MachineLook, QueueDecision, QueueEntry, QueueInput } from '../../api/queueing.ts';
import type { Outcome } from '../outcome.ts';
import type { StateStore } from '../ports.ts';
import type { Book } from './book.ts';
import type { Expected } from './expected.ts';
import type { Lines } from './lines.ts';
import type { Synced } from './synced.ts';

export type StoredQueue = StoredObject<QueueStatus>;

/** What metrics hear of a queue. */
export interface QueueHooks {
  onQueue(name: string, status: QueueStatus): void;
  /** Milliseconds from the moment in which the project could have run. */
  onAdmitted(name: string, waitedMs: number): void;
  onForgotten(name: string): void;
}

export interface QueueWorkerOptions {
  readonly queue: (name: string) => Queue | undefined;
  readonly records: {
    read(key: Key): StoredQueue | undefined;
    write(key: Key, object: StoredQueue): void;
    remove(key: Key): void;
    event: StateStore['recordEvent'];
  };
  /** The uid of the object of that name. */
  readonly uidOf: (project: string) => string | undefined;
  readonly book: Book;
  readonly lines: Lines;
  readonly synced: Synced;
  readonly expected: Pick<Expected, 'of'>;
  readonly unmet: (project: string) => Ground | undefined;
  readonly machine: () => Promise<MachineLook>;
  readonly decide: (input: QueueInput) => QueueDecision;
  readonly now: () => number;
  readonly newUid: () => string;
  /** Is to be looked at, since it is admitted otherwise than before, or since others wait for that. */
  readonly hint: (project: string) => void;
  readonly hooks: QueueHooks;
}

/** A queue whose file is being written anew is not there for a moment, in milliseconds. */
const GONE_MS = 1000;
const NOTHING_OF_THE_MACHINE: MachineLook = { availableMemory: undefined, loadPerCPU: undefined };

/** Takes one queue once round. What it writes is what projects are admitted by: nobody else gives slots. */
export function createQueueWorker(options: QueueWorkerOptions): { work(key: Key): Promise<Outcome> } {
  const { records, book, lines, now } = options;
  const goneSince = new Map<Key, number>();

  async function work(key: Key): Promise<Outcome> {
    const name = nameOf(key);
    const limits = options.queue(name)?.spec.machine;
    const machine = limits === undefined ? NOTHING_OF_THE_MACHINE : await options.machine();
    // From here on nothing else comes between: what is decided on, written and told is of one moment.
    const queue = options.queue(name);
    if (queue === undefined) return gone(key, name);
    goneSince.delete(key);
    return decide(key, queue, machine);
  }

  function decide(key: Key, { spec, metadata: { name } }: Queue, machine: MachineLook): Outcome {
    const stored = records.read(key);
    const specHash = hashOf(spec);
    const metadata = metadataOf(name, stored, specHash);
    const before = stored?.status.admitted ?? [];
    const decision = options.decide({
      name,
      spec,
      generation: metadata.generation,
      previous: stored?.status,
      entries: entriesOf(name, before),
      unseen: unseenOf(before),
      notLooked: options.synced.left(),
      expected: options.expected.of(name),
      machine,
      now: now(),
    });
    const { status } = decision;
    records.write(key, { apiVersion: API_VERSION, kind: 'Queue', metadata, specHash, status });
    lines.set(name, decision.line);
    for (const note of decision.events) records.event({ kind: 'Queue', name, uid: metadata.uid }, note);
    for (const slot of decision.admitted) tellAdmitted(name, slot);
    const changed = stored?.metadata.generation !== metadata.generation ? [...before, ...status.admitted] : [];
    for (const { project } of [...changed, ...difference(before, status.admitted)]) options.hint(project);
    if (decision.awaited !== undefined) options.hint(decision.awaited);
    options.hooks.onQueue(name, status);
    return decision.againMs === undefined ? { type: 'Settled' } : { type: 'LookAgain', inMs: decision.againMs };
  }

  function entriesOf(name: string, slots: readonly Slot[]): QueueEntry[] {
    const entries: QueueEntry[] = [];
    for (const { entry, dependsOn } of book.members(name).values()) {
      const unmet = dependsOn.length > 0 ? options.unmet(entry.project) : undefined;
      entries.push(unmet === undefined ? entry : { ...entry, unmet });
    }
    for (const { project, uid } of slots) {
      const known = book.find(project);
      if (known?.entry.uid !== uid || known.queue === name) continue;
      entries.push({ ...known.entry, belongs: known.adrift });
    }
    return entries;
  }

  function unseenOf(slots: readonly Slot[]): ReadonlySet<string> {
    const unseen = slots.filter(
      ({ project, uid }) => book.find(project)?.entry.uid !== uid && options.uidOf(project) === uid,
    );
    return new Set(unseen.map(({ uid }) => uid));
  }

  function tellAdmitted(name: string, { project, uid, trial }: Slot): void {
    const since = book.find(project)?.wantsSince;
    const as = trial === true ? ', as the trial of its circuit breaker' : '';
    const message = `it has a slot of queue ${name}${as}`;
    records.event({ kind: 'Project', name: project, uid }, { type: 'Normal', reason: 'Admitted', message });
    options.hooks.onAdmitted(name, since === undefined ? 0 : Math.max(0, now() - since));
  }

  /** Its slots end with it; what runs goes on, and is taken in by a queue that comes later. */
  function gone(key: Key, name: string): Outcome {
    const since = goneSince.get(key) ?? now();
    goneSince.set(key, since);
    if (now() - since < GONE_MS) return { type: 'LookAgain', inMs: GONE_MS };
    goneSince.delete(key);
    lines.forget(name);
    options.hooks.onForgotten(name);
    const stored = records.read(key);
    if (stored === undefined) return { type: 'Settled' };
    records.remove(key);
    for (const { project } of stored.status.admitted) options.hint(project);
    return { type: 'Settled' };
  }

  function metadataOf(name: string, stored: StoredQueue | undefined, specHash: string): StoredQueue['metadata'] {
    if (stored === undefined) {
      const creationTimestamp = new Date(now()).toISOString();
      return { name, uid: options.newUid(), generation: 1, creationTimestamp, finalizers: [] };
    }
    const { generation } = stored.metadata;
    return { ...stored.metadata, generation: stored.specHash === specHash ? generation : generation + 1 };
  }

  return { work };
}

/** Those who have a slot in one of the two and not in the other. */
function difference(before: readonly Slot[], after: readonly Slot[]): Slot[] {
  const was = new Set(before.map(({ uid }) => uid));
  const is = new Set(after.map(({ uid }) => uid));
  return [...before.filter(({ uid }) => !is.has(uid)), ...after.filter(({ uid }) => !was.has(uid))];
}
