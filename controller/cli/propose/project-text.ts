import { isScalar, parseDocument, visit } from 'yaml';
import type { AgentTemplate, Project, Team } from '../../api/generated/all.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { renderObject } from '../../store/specs/rewrite.ts';

export interface ProposedProject {
  readonly name: string;
  /** Absolute. */
  readonly repo: string;
  /** Work trees can be made. */
  readonly hasCommit: boolean;
  /** The file's path is absolute. */
  readonly goal: { readonly text: string } | { readonly file: string };
  readonly team: Team;
  readonly size: string;
  /** Those of the team's that are proposed. */
  readonly members: Team['spec']['members'];
  /** For members whose team names no class. */
  readonly agentClass: string;
}

/** The project of a team as an object: agents of the same role get numbers, unless the team names them. Pure. */
export function proposedProject(proposed: ProposedProject): Project {
  const { name, repo, hasCommit, goal, members, agentClass } = proposed;
  const agents: AgentTemplate[] = [];
  for (const member of members) {
    const wanted = member.name ?? member.role;
    const taken = (candidate: string) => agents.some((agent) => agent.name === candidate);
    let free = wanted;
    for (let number = 2; taken(free); number++) free = `${wanted}-${number}`;
    agents.push({ name: free, role: member.role, class: member.class ?? agentClass });
  }
  const goalField = 'file' in goal ? { goalFile: goal.file } : { goal: goal.text };
  // Several in one checkout would work over each other.
  const trees: Pick<Project['spec'], 'workTree'> =
    hasCommit && agents.length > 1 ? { workTree: { policy: 'PerAgent' } } : {};
  return {
    apiVersion: API_VERSION,
    kind: 'Project',
    metadata: { name },
    spec: { ...goalField, repo, ...trees, agents },
  };
}

/** The same as YAML, with comments for whoever changes it next. */
export function proposedText(proposed: ProposedProject): string {
  const { team, size, members } = proposed;
  const document = parseDocument(renderObject(proposedProject(proposed)));
  const comments: Readonly<Record<string, string>> = {
    goal: ' What the team is to reach. Agents hear of a change at their next start.',
    goalFile: ' What the team is to reach, read at each start of an agent.',
    repo: ' Where the agents work, unless one has a workingDir of its own.',
    workTree: ` PerAgent: each agent has a work tree and a branch muxlet/${proposed.name}/AGENT of its own, beside the repository.
 None: all work in the checkout itself.`,
    agents: ` ${members.length} of the ${team.spec.members.length} members of team ${team.metadata.name} (size ${size}).
 What a role says: muxlet describe agentrole ROLE. A file of kind AgentRole and the same name takes its place.
 An agent may have more: briefing (text after its role's), args, env, checkIns, approvals, restartPolicy.
 See muxlet explain project.spec.agents.`,
  };
  visit(document, {
    Pair(_, { key }) {
      const comment = isScalar(key) ? comments[String(key.value)] : undefined;
      if (comment !== undefined && isScalar(key)) key.commentBefore = comment;
    },
  });
  document.commentBefore = ` Written by 'muxlet create project'; yours to change. Check it with 'muxlet validate'.`;
  return document.toString({ lineWidth: 0 });
}
