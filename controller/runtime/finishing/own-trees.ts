import { MuxletError } from '../../api/errors.ts';
import type { SeenTree, TreeHands, TreeLooks } from './ports.ts';

/** Git's own lock on a work tree that is being made: who made it did not get to its end. */
const HALF_MADE = 'initializing';

/**
 * Has some work done in a clean work tree of a commit, which is taken away afterwards. What an earlier round left at the
 * place is taken away first, if it is ours; what is another's is left alone, and nothing is done.
 *
 * @throws MuxletError MUX_CONFLICT if the place is another's; what the work throws
 */
export async function inCleanTree<Result>(
  trees: TreeLooks & TreeHands,
  { path, commit }: { readonly path: string; readonly commit: string },
  work: (tree: string) => Promise<Result>,
): Promise<Result> {
  await clearTree(trees, path);
  await trees.open(path, commit);
  try {
    return await work(path);
  } finally {
    await trees.remove(path);
  }
}

/** Takes away what an earlier round left. */
export async function clearTree(trees: TreeLooks & TreeHands, path: string): Promise<void> {
  const place = await trees.resolved(path);
  const left = (await trees.workTrees()).find((tree) => tree.path === place);
  if (left === undefined) return;
  if (!isOurs(left, trees.mark)) {
    throw new MuxletError('MUX_CONFLICT', `the work tree ${path} is another's: it is locked by '${left.locked ?? ''}'`);
  }
  await trees.remove(path);
}

/** The place is ours alone, and each agent's name another; only another controller may have come upon the same. */
function isOurs({ locked }: SeenTree, mark: string): boolean {
  return locked === undefined || locked === '' || locked === HALF_MADE || locked === mark;
}
