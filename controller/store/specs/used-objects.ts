import type { AgentClass, AgentRole, Project } from '../../api/generated/all.ts';
import { type Key, keyOf, kindOf, nameOf } from '../../api/key.ts';
import type { KnownRole } from '../../api/normalise-briefing.ts';
import type { Tracking } from './tracking.ts';

export function classesOf({ wanted }: Tracking): ReadonlyMap<string, AgentClass> {
  const classes = new Map<string, AgentClass>();
  for (const { key, object } of wanted.values()) {
    if (kindOf(key) === 'AgentClass') classes.set(nameOf(key), object as AgentClass);
  }
  return classes;
}

/** A preset is known by its name alone. */
const PRESET_SOURCE = 'comes with muxlet';

export function rolesOf({ wanted }: Tracking, place: (source: string) => string): ReadonlyMap<string, KnownRole> {
  const roles = new Map<string, KnownRole>();
  for (const { key, object, source } of wanted.values()) {
    if (kindOf(key) !== 'AgentRole') continue;
    const from = source === undefined ? PRESET_SOURCE : place(source);
    roles.set(nameOf(key), { object: object as AgentRole, source: from });
  }
  return roles;
}

export function classNamesOf(project: Project): Set<string> {
  return new Set(project.spec.agents.map((agent) => agent.class ?? 'shell'));
}

/** The objects from which follows, beside its own file, what is wanted of a project. */
function usedBy(project: Project): Key[] {
  const roles = project.spec.agents.flatMap(({ role }) => (role === undefined ? [] : [keyOf('AgentRole', role)]));
  return [...[...classNamesOf(project)].map((name) => keyOf('AgentClass', name)), ...roles];
}

export function withDependents(changed: ReadonlySet<Key>, { wanted }: Tracking): readonly Key[] {
  if (![...changed].some((key) => kindOf(key) === 'AgentClass' || kindOf(key) === 'AgentRole')) return [...changed];
  const dependents = [...wanted.values()]
    .filter(({ key }) => kindOf(key) === 'Project')
    .filter(({ object }) => usedBy(object as Project).some((key) => changed.has(key)))
    .map(({ key }) => key);
  return [...new Set([...changed, ...dependents])];
}
