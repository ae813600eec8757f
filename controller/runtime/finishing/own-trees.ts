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

/**
 * Takes away what an earlier round left.
 *
 * @throws MuxletError MUX_CONFLICT if the place is another's
 */
export async function clearTree(trees: TreeLooks & TreeHands, path: string): Promise<void> {
  const place = await trees.resolved(path);
  const left = (await trees.workTrees()).find((tree) => tree.path === place);
  if (left === undefined) return;
  if (!isOurs(left, trees.mark)) {
    const whose = left.locked === undefined ? 'it is not locked' : `it is locked: '${left.locked}'`;
    throw new MuxletError('MUX_CONFLICT', `the work tree ${path} is another's, and is left alone: ${whose}`);
  }
  await trees.remove(path);
}

function isOurs({ locked, isThere }: SeenTree, mark: string): boolean {
  return locked === mark || locked === HALF_MADE || !isThere;
}
