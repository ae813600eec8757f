import { nearestName } from '../../api/nearest-name.ts';
import type { Ground } from '../../api/queueing.ts';

/** The sources, as those see them that depend on them. */
export interface SourceDependencies {
  /** Undefined if there is no such source. */
  dependsOn(source: string): readonly string[] | undefined;
  isReady(source: string): boolean;
  names(): readonly string[];
}

/** Why a source has to wait, if that lies in those that it depends on. */
export function unmetSource(source: string, dependencies: SourceDependencies): Ground | undefined {
  const wanted = dependencies.dependsOn(source) ?? [];
  if (wanted.length === 0) return undefined;
  const cycle = cycleThrough(source, dependencies);
  if (cycle !== undefined) return { reason: 'DependencyCycle', message: `it depends on itself: ${cycle.join(' → ')}` };
  const missing = wanted.filter((name) => dependencies.dependsOn(name) === undefined);
  if (missing.length > 0) {
    const near = nearestName(missing[0] ?? '', dependencies.names());
    const hint = near === undefined || near === source ? '' : `; ${near} does`;
    return { reason: 'DependencyMissing', message: `it depends on ${missing.join(', ')}, which does not exist${hint}` };
  }
  const pending = wanted.filter((name) => !dependencies.isReady(name));
  if (pending.length === 0) return undefined;
  return { reason: 'DependencyPending', message: `it waits until ${pending.join(', ')} is Ready` };
}

/** A shortest way from the source to itself, with it at both ends. Whether the others are Ready is not asked. */
function cycleThrough(source: string, { dependsOn }: SourceDependencies): readonly string[] | undefined {
  const ways: string[][] = [[source]];
  const seen = new Set<string>();
  // The list grows while it is walked: breadth first.
  for (const way of ways) {
    for (const next of dependsOn(way.at(-1) ?? '') ?? []) {
      if (next === source) return [...way, source];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
