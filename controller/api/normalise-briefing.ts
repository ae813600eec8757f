import type { DesiredBriefing, DesiredGoal, DesiredRole, TeamMate } from './desired.ts';
import type { AgentRole, AgentTemplate, ProjectSpec } from './generated/all.ts';
import { nearestName } from './nearest-name.ts';
import { completionOf, type GitContext, isAddress, verificationOf } from './normalise-git.ts';
import { absolute, type PathContext } from './spec-path.ts';

/** A role, and where it stands, as errors name it. */
export interface KnownRole {
  readonly object: AgentRole;
  readonly source: string;
}

export interface BriefingContext extends GitContext {
  readonly roles: ReadonlyMap<string, KnownRole>;
}

/** What the agents of a project are to be told at their starts: undefined for one that is told nothing. Pure. */
export function briefingsOf(
  spec: ProjectSpec,
  context: BriefingContext,
): (template: AgentTemplate) => DesiredBriefing | undefined {
  const team = spec.agents.map(teamMateOf);
  const hub = spec.agents.find(({ role }) => role !== undefined && context.roles.get(role)?.object.spec.hub)?.name;
  const completion = completionOf(spec);
  const verification = verificationOf(spec);
  const shared = {
    team,
    ...(completion !== undefined && { completion }),
    ...(verification !== undefined && { verification }),
    ...goalOf(spec, context),
    ...(spec.repo !== undefined && !isAddress(spec.repo) && { repo: absolute(spec.repo, context) }),
    ...(hub !== undefined && { hub }),
  };
  return ({ role, briefing }) => {
    if (role === undefined && briefing === undefined) return undefined;
    return {
      ...shared,
      ...(role !== undefined && { role: roleOf(role, context.roles) }),
      ...(briefing !== undefined && { text: briefing }),
    };
  };
}

function teamMateOf({ name, role, class: agentClass = 'shell' }: AgentTemplate): TeamMate {
  return { name, class: agentClass, ...(role !== undefined && { role }) };
}

export function goalOf({ goal, goalFile }: ProjectSpec, context: PathContext): { readonly goal?: DesiredGoal } {
  if (goalFile !== undefined) return { goal: { file: absolute(goalFile, context) } };
  return goal === undefined ? {} : { goal: { text: goal } };
}

function roleOf(name: string, roles: ReadonlyMap<string, KnownRole>): DesiredRole {
  const role = roles.get(name);
  if (role === undefined) {
    const known = [...roles.keys()].sort();
    const nearest = nearestName(name, known);
    return { type: 'Unknown', name, known, ...(nearest !== undefined && { nearest }) };
  }
  const { briefing, recovery } = role.object.spec;
  return { type: 'Known', name, source: role.source, first: briefing, ...(recovery !== undefined && { recovery }) };
}
