import type { ProjectSpec } from '../../api/generated/all.ts';
import { type Key, kindOf, nameOf } from '../../api/key.ts';
import type { Arrival } from '../../api/metadata.ts';
import type { Rank } from '../../api/queueing.ts';

/** Projects whose specs were read and that nobody has looked at yet: who is looked at first is chance, and no right. */
export interface Expected {
  /** Specs were read that were not there before, or otherwise. */
  declared(keys: readonly Key[]): void;
  /** It was looked at, and stands in the book. */
  met(project: string): void;
  /** Those that name the queue and would stand in its line, as far as their specs say. */
  of(queue: string): readonly Rank[];
}

export interface ExpectedOptions {
  readonly now: () => number;
  readonly spec: (project: string) => ProjectSpec | undefined;
  readonly arrival: (project: string) => Arrival | undefined;
  /** It is on record: whatever there is to say of it, it is not new. */
  readonly isKnown: (project: string) => boolean;
}

/** Longer nobody waits for one that cannot be looked at, in milliseconds. */
const PATIENCE_MS = 10_000;

export function createExpected({ now, spec, arrival, isKnown }: ExpectedOptions): Expected {
  const projects = new Set<string>();

  function rankOf(project: string, queue: string): Rank | undefined {
    const wanted = spec(project);
    const arrived = arrival(project);
    const isLate = arrived === undefined || Math.abs(now() - arrived.at) > PATIENCE_MS;
    if (wanted?.queue === undefined || isLate) {
      projects.delete(project);
      return undefined;
    }
    if (wanted.queue !== queue || wanted.hold === true || wanted.suspend === true) return undefined;
    return { project, priority: wanted.priority ?? 0, createdAt: arrived.at, order: arrived.order };
  }

  return {
    declared(keys) {
      for (const key of keys) {
        if (kindOf(key) === 'Project' && !isKnown(nameOf(key))) projects.add(nameOf(key));
      }
    },
    met: (project) => void projects.delete(project),
    of: (queue) => [...projects].map((project) => rankOf(project, queue)).filter((rank) => rank !== undefined),
  };
}
