import { dirname, join, resolve } from 'node:path';
import type { Desired } from '../../api/desired.ts';
import type { AgentClass, Project } from '../../api/generated/all.ts';
import { keyOf } from '../../api/key.ts';
import { normalise } from '../../api/normalise.ts';
import type { KnownRole } from '../../api/normalise-briefing.ts';
import { parseSourcePath } from '../../api/source-path.ts';
import { layoutOfSource } from '../sources/layout.ts';
import { classNamesOf } from './dependents.ts';
import type { Entry } from './fold.ts';
import { isConfirmed, type Tracking } from './tracking.ts';

export interface DescribeOptions {
  readonly directory: string;
  readonly state: string;
  /** '~' in specs. */
  readonly home: string;
}

/** What is wanted of a project follows from these as well. */
export interface Around {
  readonly tracking: Tracking;
  readonly classes: ReadonlyMap<string, AgentClass>;
  readonly roles: ReadonlyMap<string, KnownRole>;
}

interface Described extends Pick<Around, 'classes' | 'roles'> {
  readonly confirmed: boolean;
  readonly desired: Desired;
}

/** Says what is wanted of a project, by its spec; worked out once for as long as all that it follows from is the same. */
export function createDescriptions({ directory, state, home }: DescribeOptions) {
  const known = new WeakMap<Entry, Described>();

  return (entry: Entry, { tracking, classes, roles }: Around): Desired => {
    const project = entry.object as Project;
    const used = [...classNamesOf(project)].map((name) => keyOf('AgentClass', name));
    // A role asks for no restart, so that a half-written one ends nothing.
    const confirmed = [entry.key, ...used].every((key) => isConfirmed(tracking, key));
    const before = known.get(entry);
    if (before?.classes === classes && before.roles === roles && before.confirmed === confirmed) return before.desired;
    const folder = dirname(placeOf(entry.source ?? '', { directory, state }));
    const desired = normalise(project, { folder, home, state: resolve(state), classes, roles, confirmed });
    known.set(entry, { classes, roles, confirmed, desired });
    return desired;
  };
}

/** The path of an entry's file, from which relative paths in it start. Of a GitSource's it is the same in every revision. */
export function placeOf(source: string, { directory, state }: Pick<DescribeOptions, 'directory' | 'state'>): string {
  const own = parseSourcePath(source);
  return own === undefined ? join(directory, source) : join(layoutOfSource(resolve(state), own.name).tree, own.path);
}
