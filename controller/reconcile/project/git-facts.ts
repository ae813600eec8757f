import type { ProjectInput } from '../../api/decision.ts';
import type { GitStatus, RunStatus } from '../../api/generated/all.ts';
import type { GitFacts } from '../../api/workspace.ts';
import type { AgentView } from './agent-view.ts';

/** What is said of an agent's work tree; undefined: it has none, or nobody has looked yet. */
export function gitStatus(
  { name, previous }: Pick<AgentView, 'name' | 'previous'>,
  { observed, previous: before }: Pick<ProjectInput, 'observed' | 'previous'>,
  run: RunStatus | undefined,
): GitStatus | undefined {
  const isNewAttempt = before?.run !== undefined && run !== undefined && before.run.attempt !== run.attempt;
  const said = isNewAttempt ? uncounted(previous?.git) : previous?.git;
  // Nobody looks: the controller has just begun, or the decision is only shown.
  if (observed.git === undefined) return said;
  const look = observed.git.get(name);
  if (look === undefined) return undefined;
  // What was counted from the base of the attempt before is counted anew, and said then.
  if (isNewAttempt) return said;
  if (look.state === 'Known')
    return { state: 'Known', ...look.value.status, ...uncommitted(look.value, look.at, said) };
  if (look.reason === 'NotLooked') return said;
  return { ...said, state: 'Unknown', message: look.message };
}

/** Without what belongs to an attempt: the next one is counted from what it finds. */
function uncounted(git: GitStatus | undefined): GitStatus | undefined {
  if (git === undefined) return undefined;
  const { base: _base, ahead: _ahead, behind: _behind, ...rest } = git;
  return rest;
}

/** A commit begins the time anew: what is left then was left on purpose, or is new. */
function uncommitted({ status }: GitFacts, at: number, said: GitStatus | undefined): Partial<GitStatus> {
  const { changed = 0, untracked = 0, head } = status;
  if (changed + untracked === 0) return {};
  if (said?.dirtySince === undefined || said.head !== head) return { dirtySince: new Date(at).toISOString() };
  const { dirtySince, remindedAt } = said;
  return { dirtySince, ...(remindedAt !== undefined && { remindedAt }) };
}

/** When HEAD of an agent's work tree last moved: a commit, mostly. Milliseconds since the epoch. */
export function headMovedAt(name: string, { observed, now }: Pick<ProjectInput, 'observed' | 'now'>) {
  const look = observed.git?.get(name);
  const at = look?.state === 'Known' ? look.value.movedAt : undefined;
  return at === undefined ? undefined : Math.min(at, now);
}
