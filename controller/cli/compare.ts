import { dirname } from 'node:path';
import type { DesiredAgent } from '../api/desired.ts';
import type { AgentClass, AgentStatus, Project } from '../api/generated/all.ts';
import { hashOf } from '../api/metadata.ts';
import { normalise } from '../api/normalise.ts';

/** A version of a project, and where its relative paths start. */
export interface Version {
  readonly project: Project;
  /** Absolute path of its file. */
  readonly file: string;
}

/** What becomes of an agent when a version takes the place of another. */
export interface AgentEffect {
  readonly agent: string;
  readonly effect: 'starts' | 'ends' | 'restarts' | 'is changed live' | 'is not changed';
}

export interface CompareContext {
  /** As they will be, and as they were taken. */
  readonly classes: ReadonlyMap<string, AgentClass>;
  readonly classesBefore: ReadonlyMap<string, AgentClass>;
  readonly home: string;
  /** The state directory, absolute. */
  readonly state: string;
  /** What runs, by the controller's last look. */
  readonly running: readonly AgentStatus[];
}

/** Says for each agent what a change does to it. What runs counts, by the hash that it was started from. Pure. */
export function compareAgents(
  before: Version | undefined,
  after: Version | undefined,
  { classes, classesBefore, home, state, running }: CompareContext,
): readonly AgentEffect[] {
  const old = desiredAgents(before, { classes: classesBefore, home, state });
  const next = desiredAgents(after, { classes, home, state });
  const seen = new Map(running.filter(({ hash }) => hash !== undefined).map((agent) => [agent.name, agent.hash]));
  const names = [...new Set([...next.keys(), ...old.keys(), ...seen.keys()])];
  return names.map((name) => ({ agent: name, effect: effectOn(next.get(name), old.get(name), seen.get(name)) }));
}

function effectOn(
  next: DesiredAgent | undefined,
  old: DesiredAgent | undefined,
  runningHash: string | undefined,
): AgentEffect['effect'] {
  if (next === undefined) return 'ends';
  const from = runningHash ?? old?.launchHash;
  if (from === undefined) return 'starts';
  if (from !== next.launchHash) return 'restarts';
  return old === undefined || hashOf(old) === hashOf(next) ? 'is not changed' : 'is changed live';
}

function desiredAgents(
  version: Version | undefined,
  { classes, home, state }: Pick<CompareContext, 'classes' | 'home' | 'state'>,
): ReadonlyMap<string, DesiredAgent> {
  if (version === undefined) return new Map();
  // Roles rule what is said at a start, and restart nothing.
  const roles = new Map();
  const folder = dirname(version.file);
  const desired = normalise(version.project, { folder, home, state, classes, roles, confirmed: true });
  return new Map(desired.type === 'Present' ? desired.project.agents.map((agent) => [agent.name, agent]) : []);
}
