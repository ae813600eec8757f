/** The queue of the simulated world: what its file says, what it said before, and a watch over who runs and who waits. */
import type { ProjectInput } from '../../controller/api/decision.ts';
import type { Queue, QueueSpec } from '../../controller/api/generated/all.ts';
import { intervalMs } from '../../controller/api/interval.ts';
import type { QueueDecision, QueueInput } from '../../controller/api/queueing.ts';
import type { Machine } from './machine.ts';

export const QUEUE = 'night';

export interface QueueFile {
  spec: QueueSpec | undefined;
  /** Each limit that was in force, and since when (elapsed). */
  readonly limits: { readonly at: number; readonly maxRunning: number }[];
}

export function createQueueFile(): QueueFile {
  return { spec: undefined, limits: [{ at: 0, maxRunning: Number.POSITIVE_INFINITY }] };
}

export function writeQueue(file: QueueFile, spec: QueueSpec | undefined, at: number): void {
  file.spec = spec;
  if (file.limits.at(-1)?.at === at) file.limits.pop();
  file.limits.push({ at, maxRunning: spec?.maxRunning ?? Number.POSITIVE_INFINITY });
}

export function queueOf({ spec }: QueueFile): Queue | undefined {
  return spec === undefined
    ? undefined
    : { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Queue', metadata: { name: QUEUE }, spec };
}

/** Judges by what runs, and by a clock that nobody can set. Each gives what is wrong. */
export interface QueueWatch {
  /** A project is about to start an agent, by this decision. */
  starts(input: ProjectInput): string[];
  decided(input: QueueInput, decision: QueueDecision): string[];
  /** Nobody knows any more who waited for how long. */
  forget(): void;
}

/** Until a file that was changed is seen, and until what is due is decided. */
const SLACK_MS = 1500;
/** What keeps a project that would have a slot otherwise, and not something of its own. */
const FOR_WANT_OF_ROOM: ReadonlySet<string> = new Set(['SlotsTaken', 'AgentsTaken', 'NotFirst']);

/** @param isOnRecord whether anybody knows of a project of that name: what is nobody's any more counts for no queue */
export function createQueueWatch(
  machine: Machine,
  file: QueueFile,
  isOnRecord: (project: string) => boolean,
): QueueWatch {
  const { clock } = machine;
  /** Since when each project has its slot, and those that were started by it. A limit that is lowered later ends nobody. */
  const slotSince = new Map<string, number>();
  const started = new Set<string>();
  /** Those that ran when they came to the queue, which takes them in however many run already. */
  const takenIn = new Set<string>();
  /** The first in the line, and since when somebody else was let past it. */
  let first: { readonly uid: string; readonly passedAt: number | undefined } | undefined;

  function running(): Set<string> {
    const lives = [...machine.processes.values()].filter(({ isMain, zombie }) => isMain && !zombie);
    return new Set(lives.flatMap(({ launch }) => launch?.project ?? []).filter(isOnRecord));
  }

  /** The most that was allowed since shortly before the first of them was given its slot. */
  function allowed(projects: Iterable<string>): number {
    const from = Math.min(...[...projects].map((project) => slotSince.get(project) ?? 0)) - SLACK_MS;
    const { limits } = file;
    const inForce = limits.filter((_, index) => (limits[index + 1]?.at ?? Number.POSITIVE_INFINITY) >= from);
    return Math.max(...inForce.map(({ maxRunning }) => maxRunning));
  }

  function forgetEnded(owners: ReadonlySet<string>): void {
    const lives = running();
    for (const project of started) if (!lives.has(project)) started.delete(project);
    for (const project of takenIn) if (!lives.has(project) && !owners.has(project)) takenIn.delete(project);
    for (const project of slotSince.keys()) {
      if (!lives.has(project) && !owners.has(project)) slotSince.delete(project);
    }
  }

  return {
    starts({ desired, meta: { name }, admission }) {
      if (desired.type !== 'Present' || desired.project.course.queue !== QUEUE) {
        started.delete(name);
        return [];
      }
      forgetEnded(new Set(slotSince.keys()));
      const unadmitted = admission.type === 'Admitted' ? [] : [`starts an agent and has no slot (${admission.type})`];
      if (takenIn.has(name)) return unadmitted;
      started.add(name);
      const most = allowed(started);
      return [
        ...unadmitted,
        ...(started.size > most ? [`${started.size} projects run of at most ${most}: ${[...started].join(', ')}`] : []),
      ];
    },
    decided({ spec, entries, previous }, { admitted, line, status }) {
      const owners = new Set(status.admitted.map(({ project }) => project));
      forgetEnded(owners);
      const lives = running();
      for (const project of owners) {
        if (!slotSince.has(project) && lives.has(project) && !started.has(project)) takenIn.add(project);
        slotSince.set(project, slotSince.get(project) ?? clock.elapsed());
      }
      const lost = (previous?.admitted ?? []).filter(({ project }) => !owners.has(project));
      // What leaves the queue runs on without it.
      for (const { project } of lost) {
        started.delete(project);
        takenIn.delete(project);
        slotSince.delete(project);
      }
      const tooSoon = lost.filter(
        ({ uid, project }) => lives.has(project) && entries.some((entry) => entry.uid === uid && entry.belongs),
      );
      const { maxRunning: most = Number.POSITIVE_INFINITY } = spec;
      const tooMany = admitted.length > 0 && status.admitted.length > most;
      return [
        ...(tooMany ? [`${status.admitted.length} have a slot of at most ${most}, and further ones are admitted`] : []),
        ...tooSoon.map(({ project }) => `the slot of ${project} goes back, and it runs`),
        ...passed(spec, entries, { admitted, line }),
      ];
    },
    forget() {
      first = undefined;
    },
  };

  function passed(
    spec: QueueSpec,
    entries: QueueInput['entries'],
    { admitted, line }: Pick<QueueDecision, 'admitted' | 'line'>,
  ): string[] {
    const uidOf = (project: string) => entries.find((entry) => entry.project === project)?.uid;
    const head = line.find(({ reason }) => FOR_WANT_OF_ROOM.has(reason));
    const uid = head === undefined ? undefined : uidOf(head.project);
    if (uid === undefined) {
      first = undefined;
      return [];
    }
    if (first?.uid !== uid) first = { uid, passedAt: undefined };
    // Those before it in the order may be younger in the line, and pass nobody.
    const isBehind = admitted.every((slot) => comesAfter(entries, slot.uid, uid));
    if (admitted.length === 0 || !isBehind) return [];
    const { passedAt = clock.elapsed() } = first;
    first = { uid, passedAt };
    const forMs = clock.elapsed() - passedAt;
    const boundMs = spec.queueingStrategy === 'StrictFIFO' ? 0 : intervalMs(spec.starvationLimit ?? '1h');
    const names = admitted.map(({ project }) => project).join(', ');
    if (clock.wasSetBack()) return [];
    const strict = spec.queueingStrategy === 'StrictFIFO' ? [`${names} was let past ${head?.project}`] : [];
    return forMs > boundMs + SLACK_MS ? [`${head?.project} is passed since ${forMs} ms, by ${names}`] : strict;
  }
}

function comesAfter(entries: QueueInput['entries'], one: string, other: string): boolean {
  const [a, b] = [one, other].map((uid) => entries.find((entry) => entry.uid === uid));
  if (a === undefined || b === undefined) return false;
  return (
    a.priority < b.priority ||
    (a.priority === b.priority && (a.createdAt > b.createdAt || (a.createdAt === b.createdAt && a.order > b.order)))
  );
}

/** For whoever reads a counterexample. */
export function queueInWords({ status, line }: QueueDecision): string {
  const waits = line.map(({ project, reason }) => `${project} (${reason})`);
  return `slots: ${status.admitted.map(({ project }) => project).join(', ') || 'none'}; waits: ${waits.join(', ') || 'nobody'}`;
}
