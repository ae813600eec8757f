import type { AgentStatus, ProjectStatus } from '../../api/generated/all.ts';
import { remindAfterOf, reminderDueAt } from '../../api/reminding.ts';
import type { GitBase } from '../../api/workspace.ts';
import type { SeenProject } from '../project-worker.ts';

/** A directory that is to be looked at, and on whose account. */
export interface WantedTree {
  readonly directory: string;
  readonly top: string | undefined;
  readonly agents: readonly string[];
  readonly base: GitBase | undefined;
  readonly attempt: number | undefined;
  /** When its agents are to be reminded: by then it is looked at again. Milliseconds since the epoch, or 0. */
  readonly remindAt: number;
  readonly isSaid: boolean;
  /** Differs when an agent was started there, or a work tree was made. */
  readonly occasion: string;
}

/** The directories of a project's agents, one each, in the order of the spec. */
export function wantedTrees({ desired, status }: Pick<SeenProject, 'desired' | 'status'>): WantedTree[] {
  if (desired.type !== 'Present') return [];
  const { project } = desired;
  const trees = new Map<string, WantedTree>();
  for (const agent of project.agents) {
    const { name, workingDir: directory, workTree } = agent;
    const stands = status.agents.find((one) => one.name === name);
    const before = trees.get(directory);
    const remindAt = reminderDueAt(stands?.git ?? {}, remindAfterOf(project, agent)) ?? 0;
    trees.set(directory, {
      directory,
      top: before?.top ?? workTree?.path,
      agents: [...(before?.agents ?? []), name],
      base: before?.base ?? baseOf(status, stands),
      attempt: status.run?.attempt,
      isSaid: before?.isSaid === true || stands?.git !== undefined,
      remindAt: Math.max(before?.remindAt ?? 0, remindAt),
      occasion: `${before?.occasion ?? ''}${stands?.workTree?.state ?? ''} ${stands?.run ?? ''}\n`,
    });
  }
  return [...trees.values()];
}

/**
 * What the commits of an agent are counted from: what its work tree was made from, or else what was found when the
 * attempt began and has stood in its status since.
 */
function baseOf({ base }: ProjectStatus, agent: AgentStatus | undefined): GitBase | undefined {
  const { git, workTree } = agent ?? {};
  const known = workTree === undefined ? git?.base : (base ?? workTree.base);
  if (known !== undefined) return known;
  // Counted, but from nothing: there was no commit yet.
  return git?.ahead === undefined ? undefined : null;
}
