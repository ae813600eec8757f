import { stat } from 'node:fs/promises';
import type { DesiredAgent, DesiredRole } from '../api/desired.ts';
import { MuxletError } from '../api/errors.ts';
import type { LaunchObstacle } from '../api/observed.ts';
import { type BriefingMode, briefingOf } from './brief.ts';
import { readGoal } from './goal.ts';
import { SOME_FACTS } from './some-facts.ts';
import type { BriefingFacts } from './variables.ts';

/**
 * What would keep agents from being briefed, seen before they are started; at most one obstacle an agent. Both texts are
 * tried at each start: a mistake in the one for recoveries is better found by the person who just wrote it.
 */
export async function findBriefingObstacles(agents: readonly DesiredAgent[]): Promise<LaunchObstacle[]> {
  const found = await Promise.all(agents.map(findObstacle));
  return found.filter((obstacle) => obstacle !== undefined);
}

async function findObstacle(agent: DesiredAgent): Promise<LaunchObstacle | undefined> {
  const { briefing } = agent;
  if (briefing === undefined) return undefined;
  const obstacle = (reason: LaunchObstacle['reason'], message: string) => ({ agent: agent.name, reason, message });
  if (briefing.role?.type === 'Unknown') return obstacle('UnknownRole', unknownRole(briefing.role));
  if (briefing.repo !== undefined && !(await isDirectory(briefing.repo))) {
    return obstacle('RepoMissing', `the repository ${briefing.repo} is no directory that can be read`);
  }
  const goal = await readGoal(briefing.goal);
  if (goal.type === 'Unreadable') return obstacle('GoalFileUnreadable', goal.message);
  const { goal: _, ...withoutGoal } = SOME_FACTS;
  const fault = (['first', 'recovery'] as const)
    .map((mode) => faultOf(agent, mode, { ...withoutGoal, ...goal.known }))
    .find((message) => message !== undefined);
  return fault === undefined ? undefined : obstacle('BriefingInvalid', fault);
}

function unknownRole({ name, nearest, known }: Extract<DesiredRole, { readonly type: 'Unknown' }>): string {
  const hint = nearest === undefined ? `known: ${known.join(', ')}` : `did you mean ${nearest}?`;
  return `there is no AgentRole ${name}; ${hint}`;
}

function faultOf(agent: DesiredAgent, mode: BriefingMode, facts: BriefingFacts): string | undefined {
  try {
    briefingOf(agent, mode, facts);
    return undefined;
  } catch (error) {
    if (!(error instanceof MuxletError)) throw error;
    return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
