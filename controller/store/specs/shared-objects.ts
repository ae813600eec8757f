import type { AgentClass, AgentRole } from '../../api/generated/all.ts';
import { kindOf, nameOf } from '../../api/key.ts';
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
