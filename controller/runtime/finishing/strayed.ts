import type { FinishRequest } from '../../api/finish-request.ts';
import type { RoundPorts } from './ports.ts';

/**
 * Whose work tree stands on commits that are in no branch that was merged: it was left detached, or on a branch that is
 * none of ours. Only told: what an agent does with its work tree is its own affair.
 */
export async function strayed(
  { root, branches }: FinishRequest,
  commit: string,
  { history, trees }: Pick<RoundPorts, 'history' | 'trees'>,
): Promise<string | undefined> {
  const seen = await trees.workTrees();
  const told: string[] = [];
  for (const { agent, branch } of branches) {
    const path = await trees.resolved(`${root}/${agent}`);
    const tree = seen.find((one) => one.path === path);
    if (tree?.head === undefined || tree.branch === branch || (await history.isAncestor(tree.head, commit))) continue;
    const where = tree.branch === undefined ? 'no branch' : `the branch ${tree.branch}`;
    told.push(`${agent}'s work tree is on ${where}, with commits that ${branch} has not: they are not merged`);
  }
  return told.length === 0 ? undefined : told.join('; ');
}
