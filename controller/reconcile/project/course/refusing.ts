import type { FinishLook } from '../../../api/finishing.ts';
import { hashOf } from '../../../api/metadata.ts';
import { isOver } from '../over.ts';
import type { Scene } from './scene.ts';

/** The hub of the team, if it has one. */
function hubOf({ project: { agents } }: Scene): string | undefined {
  const hub = agents.find(({ briefing }) => briefing?.hub !== undefined)?.briefing?.hub;
  return agents.some(({ name }) => name === hub) ? hub : undefined;
}

/** Who hears that a command of the verification failed: the hub, or all of whom the rules ask something. */
export function toldOfRefusal(scene: Scene): string[] {
  const { agents, completion } = scene.project;
  const hub = hubOf(scene);
  if (hub !== undefined) return [hub];
  const asked = completion?.rules.flatMap((rule) => rule.agents);
  return agents.map(({ name }) => name).filter((name) => asked === undefined || asked.includes(name));
}

/** Who hears of a conflict; nobody, once the team was asked as often as it may be: a person has to resolve it. */
export function toldOfConflict(conflicts: number, { integration }: FinishLook, scene: Scene): string[] {
  const { integration: wanted, agents } = scene.project;
  if (wanted === undefined || wanted.onConflict === 'Person' || conflicts >= wanted.rounds) return [];
  const name = hubOf(scene) ?? integration?.agent;
  return agents.some((agent) => agent.name === name) && name !== undefined ? [name] : [];
}

/** Runs that are to be followed by another: of those who are told and have ended well; of all, where all have ended. */
export function restarted(told: readonly string[], { views, project }: Scene): readonly string[] {
  if (told.length === 0) return [];
  const wanted = views.filter(({ desired }) => desired !== undefined);
  const isNeeded = (name: string): boolean => project.completion === undefined || told.includes(name);
  return wanted
    .filter((view) => isNeeded(view.name) && isOver(view) && view.lastExit?.reason === 'Completed')
    .flatMap(({ lastExit }) => lastExit?.run ?? []);
}

/** What the agents' branches point to, in short; undefined where nobody knows of one. */
export function headsOf({ project, input }: Scene): string | undefined {
  const looks = project.agents.map(({ name }) => input.observed.git?.get(name));
  const heads = looks.map((look) => (look?.state === 'Known' ? look.value.status.head : undefined));
  const known = heads.filter((head) => head !== undefined);
  // An agent without a work tree has no branch that could move.
  const isWhole = looks.every((look, index) => look === undefined || heads[index] !== undefined);
  return known.length > 0 && isWhole ? hashOf(heads.map((head) => head ?? '')) : undefined;
}
