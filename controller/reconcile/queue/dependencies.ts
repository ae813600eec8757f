import { nearestName } from '../../api/nearest-name.ts';
import type { Ground } from '../../api/queueing.ts';

/** The projects, as those see them that depend on them. */
export interface Dependencies {
  /** What a project depends on; undefined if there is no such project. */
  dependsOn(project: string): readonly string[] | undefined;
  result(project: string): 'Completed' | 'Failed' | undefined;
  names(): readonly string[];
}

/** Why a project is not to begin yet, if that lies in those that it depends on. */
export function unmetDependency(project: string, dependencies: Dependencies): Ground | undefined {
  const open = openOf(project, dependencies);
  if (open.length === 0) return undefined;
  const cycle = findCycle(project, dependencies);
  if (cycle !== undefined) {
    return { reason: 'DependencyCycle', message: `it depends on itself: ${[...cycle, project].join(' → ')}` };
  }
  const missing = open.filter((name) => dependencies.dependsOn(name) === undefined);
  if (missing.length > 0) return { reason: 'DependencyMissing', message: missingMessage(missing, dependencies) };
  const failed = open.filter((name) => dependencies.result(name) === 'Failed');
  if (failed.length > 0) {
    return { reason: 'DependencyFailed', message: `it depends on ${failed.join(', ')}, which failed` };
  }
  return { reason: 'DependencyPending', message: `it waits until ${open.join(', ')} is completed` };
}

function openOf(project: string, { dependsOn, result }: Dependencies): readonly string[] {
  return (dependsOn(project) ?? []).filter((name) => result(name) !== 'Completed');
}

function missingMessage(missing: readonly string[], { names }: Dependencies): string {
  const near = nearestName(missing[0] ?? '', names());
  const hint = near === undefined ? '' : `; ${near} does`;
  return `it depends on ${missing.join(', ')}, which does not exist${hint}`;
}

/**
 * A shortest cycle through the project, from it on, in the order of dependence. Who only depends on a member of one is
 * on none: it waits as for any other. What is completed keeps nobody waiting, and closes no cycle.
 */
function findCycle(start: string, dependencies: Dependencies): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const reached = [start];
  // The array grows while it is walked: breadth first.
  for (const name of reached) {
    for (const next of openOf(name, dependencies)) {
      if (next === start) return pathTo(name, start, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      reached.push(next);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let at = end; at !== start; ) {
    at = cameFrom.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}
