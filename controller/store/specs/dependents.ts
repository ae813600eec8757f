import type { Project } from '../../api/generated/all.ts';
import { type Key, keyOf, kindOf } from '../../api/key.ts';
import type { Tracking } from './tracking.ts';

/** Many projects may use it, and one that names what is not there tells of all that is. */
export function isShared(key: Key): boolean {
  return kindOf(key) === 'AgentClass' || kindOf(key) === 'AgentRole';
}

export function classNamesOf(project: Project): Set<string> {
  return new Set(project.spec.agents.map((agent) => agent.class ?? 'shell'));
}

/** The objects from which follows, beside its own file, what is wanted of a project. */
function usedBy(project: Project): Key[] {
  const roles = project.spec.agents.flatMap(({ role }) => (role === undefined ? [] : [keyOf('AgentRole', role)]));
  return [...[...classNamesOf(project)].map((name) => keyOf('AgentClass', name)), ...roles];
}

/** With the projects of which something else may be wanted because of what they use. */
export function withDependents(changed: ReadonlySet<Key>, { wanted }: Pick<Tracking, 'wanted'>): readonly Key[] {
  if (![...changed].some(isShared)) return [...changed];
  const dependents = [...wanted.values()]
    .filter(({ key }) => kindOf(key) === 'Project')
    .filter(({ object }) => usedBy(object as Project).some((key) => changed.has(key)))
    .map(({ key }) => key);
  return [...new Set([...changed, ...dependents])];
}
