import type { Admission } from '../../api/admission.ts';
import type { ProjectSpec, ProjectStatus } from '../../api/generated/all.ts';
import { nameOf } from '../../api/key.ts';
import type { ProjectOutcome, QueueEntry, Rank } from '../../api/queueing.ts';
import type { SeenProject } from '../project-worker.ts';

/** What is known of a project that concerns queues and those that depend on it. */
export interface BookEntry {
  readonly entry: QueueEntry;
  /** The queue that it names; for an object on its way out, the one that it named. */
  readonly queue: string | undefined;
  /** It is on its way out, and which queue it named is not known any more. */
  readonly adrift: boolean;
  readonly dependsOn: readonly string[];
  /** Since when it would run if it had a slot, in milliseconds since the epoch. */
  readonly wantsSince: number | undefined;
}

export interface Book {
  find(project: string): BookEntry | undefined;
  /** Those that name the queue. */
  members(queue: string): ReadonlyMap<string, BookEntry>;
  /** Those that name the project in dependsOn. */
  dependents(project: string): ReadonlySet<string>;
  /** A decision is being made, and was told this. */
  asked(project: string, told: Admission['type']): void;
  /** What a decision came to; gives what was known before. */
  seen(project: SeenProject): BookEntry | undefined;
  forget(project: string, uid: string): BookEntry | undefined;
}

export interface BookOptions {
  readonly now: () => number;
  readonly created: (project: string) => Pick<Rank, 'createdAt' | 'order'>;
  readonly outcome: (status: ProjectStatus) => ProjectOutcome;
  /** The spec as it is written, of one that cannot be acted on. */
  readonly spec: (project: string) => ProjectSpec | undefined;
}

const NOBODY: ReadonlyMap<string, BookEntry> = new Map();
const NONE: ReadonlySet<string> = new Set();

export function createBook(options: BookOptions): Book {
  const entries = new Map<string, BookEntry>();
  const queues = new Map<string, Map<string, BookEntry>>();
  const dependents = new Map<string, Set<string>>();
  /** Decisions that are being made, each with what it was told. */
  const asked = new Map<string, Admission['type']>();

  function put(project: string, next: BookEntry): void {
    remove(project);
    entries.set(project, next);
    if (next.queue !== undefined) added(queues, next.queue, () => new Map()).set(project, next);
    for (const name of next.dependsOn) added(dependents, name, () => new Set()).add(project);
  }

  function remove(project: string): void {
    const before = entries.get(project);
    if (before === undefined) return;
    entries.delete(project);
    if (before.queue !== undefined) queues.get(before.queue)?.delete(project);
    for (const name of before.dependsOn) dependents.get(name)?.delete(project);
  }

  return {
    find: (project) => entries.get(project),
    members: (queue) => queues.get(queue) ?? NOBODY,
    dependents: (project) => dependents.get(project) ?? NONE,
    asked(project, told) {
      asked.set(project, told);
      const known = entries.get(project);
      const deciding = told === 'Admitted';
      if (known?.queue === undefined || known.entry.deciding === deciding) return;
      put(project, { ...known, entry: { ...known.entry, deciding } });
    },
    seen(seen) {
      const project = nameOf(seen.key);
      const known = entries.get(project);
      const before = known?.entry.uid === seen.uid ? known : undefined;
      put(project, entryOf(seen, { ...options, before, told: asked.get(project) }));
      return known;
    },
    forget(project, uid) {
      const known = entries.get(project);
      if (known?.entry.uid !== uid) return undefined;
      remove(project);
      asked.delete(project);
      return known;
    },
  };
}

function added<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

interface Surroundings extends BookOptions {
  readonly before: BookEntry | undefined;
  readonly told: Admission['type'] | undefined;
}

function entryOf(seen: SeenProject, { before, told, now, created, outcome, spec }: Surroundings): BookEntry {
  const { uid, desired, status } = seen;
  const project = nameOf(seen.key);
  // A spec that cannot be acted on can use no slot.
  const claim = desired.type === 'Rejected' && seen.claim === 'Wants' ? 'None' : seen.claim;
  const course = desired.type === 'Present' ? desired.project.course : undefined;
  const written = desired.type === 'Rejected' ? spec(project) : undefined;
  const agents = desired.type === 'Present' ? desired.project.agents : [];
  return {
    entry: {
      project,
      uid,
      ...created(project),
      priority: course?.priority ?? before?.entry.priority ?? 0,
      hold: course?.hold ?? before?.entry.hold ?? false,
      agents: desired.type === 'Present' ? countByClass(agents) : (before?.entry.agents ?? new Map()),
      claim,
      mayRun: status.agents.some(({ pid }) => pid !== undefined),
      told,
      deciding: false,
      belongs: true,
      unmet: undefined,
      outcome: outcome(status),
    },
    queue: desired.type === 'Absent' ? before?.queue : (course?.queue ?? written?.queue),
    adrift: desired.type === 'Absent' && before === undefined,
    dependsOn: course?.dependsOn ?? written?.dependsOn ?? before?.dependsOn ?? [],
    wantsSince: claim === 'Wants' ? (before?.wantsSince ?? now()) : undefined,
  };
}

function countByClass(agents: readonly { readonly class: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { class: name } of agents) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Whether a queue may decide otherwise for the difference. */
export function matters({ entry: a, queue, dependsOn }: BookEntry, before: BookEntry | undefined): boolean {
  if (before === undefined || before.queue !== queue || before.dependsOn.join() !== dependsOn.join()) return true;
  const b = before.entry;
  const same =
    a.uid === b.uid &&
    a.priority === b.priority &&
    a.hold === b.hold &&
    a.createdAt === b.createdAt &&
    a.order === b.order &&
    isSameClaim(a, b);
  return !same || !isSameSize(a, b) || !isSameOutcome(a, b);
}

function isSameClaim(a: QueueEntry, b: QueueEntry): boolean {
  if (a.claim !== b.claim || a.mayRun !== b.mayRun) return false;
  // It may give its slot back now that the decision is made.
  return (
    a.told === 'Waiting' ||
    a.claim === 'Holds' ||
    a.claim === 'Leaves' ||
    (a.claim === 'Wants' && a.told === 'Admitted')
  );
}

function isSameSize(a: QueueEntry, b: QueueEntry): boolean {
  return a.agents.size === b.agents.size && [...a.agents].every(([name, count]) => b.agents.get(name) === count);
}

function isSameOutcome({ outcome: a }: QueueEntry, { outcome: b }: QueueEntry): boolean {
  return a.result === b.result && a.suspended === b.suspended && a.failures.at(-1) === b.failures.at(-1);
}
