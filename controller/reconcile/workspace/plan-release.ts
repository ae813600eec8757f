/** What becomes of work trees and branches that nobody needs any more. Pure. Work that is nowhere else is never lost. */
import type { RepositoryLook } from '../../api/repository-look.ts';
import type { Asker, Leaving, LeavingBranch, LeavingInput, TreeEnd } from '../../api/work-tree-plan.ts';
import type { WorkTreesRequest } from '../../api/work-trees-request.ts';
import { ownershipOf, treeNameOf } from './ownership.ts';
import { stageOf } from './plan-tree.ts';

/** The project's own, if all are released; else those of agents that it has no more. */
export function leavingTrees(
  { entries }: RepositoryLook,
  { agents, release, trees }: Pick<WorkTreesRequest, 'agents' | 'release' | 'trees'>,
  asker: Asker,
): Leaving[] {
  const needed = new Set([...agents, ...trees.map(({ name }) => name), ...FIXED]);
  return entries.flatMap((entry) => {
    const tree = treeNameOf(entry);
    if (tree === undefined || entry.adminDir === undefined || ownershipOf(entry, asker) !== 'Ours') return [];
    // It stayed for a person, and was told; only what begins anew needs its place.
    if (entry.mark?.stage === 'Left' && release !== 'Reset') return [];
    return release === undefined && needed.has(tree) ? [] : [{ entry, tree }];
  });
}

/** They are the project's, and go with it. */
const FIXED = ['shared', 'integration'];

export function planLeaving({ leaving, work, isHeadSafe, occupants, onDelete, isReset }: LeavingInput): TreeEnd {
  const { locked, lockMark, head: last } = leaving.entry;
  if (locked !== undefined && lockMark === undefined) {
    return { type: 'Keep', message: `it is locked: ${locked === '' ? 'no reason given' : locked}` };
  }
  if (occupants.length > 0)
    return { type: 'Keep', message: `processes work in it: ${occupants.slice(0, 5).join(', ')}` };
  if (work === undefined) {
    const isStaged = leaving.entry.hasIndex === true && (onDelete !== 'Discard' || isReset);
    return {
      type: 'Remove',
      ...(isHeadSafe === false && last !== undefined && { saveHead: last }),
      ...(isStaged && { saveStaged: true as const }),
    };
  }
  // Nothing was ever checked out: nobody has worked there.
  if (stageOf(leaving.entry) === 'Added') return { type: 'Discard' };
  if (work.within !== undefined) return { type: 'Keep', message: `it holds a repository of its own: ${work.within}` };
  const head = work.head !== undefined && !work.isHeadSafe ? { saveHead: work.head } : {};
  const { changed, untracked, underWay } = work;
  if (changed + untracked === 0 && underWay === undefined) return { type: 'Remove', ...head };
  const operation = underWay === undefined ? '' : `a ${underWay} under way`;
  const found = [amount(changed, 'changed'), amount(untracked, 'untracked'), operation].filter((text) => text !== '');
  if (onDelete === 'Discard') return { type: 'Discard', ...head };
  if (onDelete === 'Save' || isReset) return { type: 'Save', ...head };
  return { type: 'Keep', message: `it holds uncommitted work: ${found.join(', ')}` };
}

function amount(many: number, what: string): string {
  return many === 0 ? '' : `${many} ${what}`;
}

/** The branches that have lost their work trees. */
export function leavingBranches(
  { branches, entries }: RepositoryLook,
  { project, agents, release }: Pick<WorkTreesRequest, 'project' | 'agents' | 'release'>,
  gone: readonly string[],
): LeavingBranch[] {
  const checkedOut = new Set(entries.flatMap(({ branch }) => branch ?? []));
  const prefix = `muxlet/${project}/`;
  return [...branches].flatMap(([branch, commit]) => {
    const tree = branch.slice(prefix.length).replace(/\.\d+$/, '');
    const leaves = release !== undefined || (gone.includes(tree) && !agents.includes(tree));
    return leaves && !checkedOut.has(branch) ? [{ branch, tree, commit }] : [];
  });
}

/** Under which work is kept; `at` in milliseconds since the epoch. */
export function keptRef(project: string, tree: string, at: number): string {
  return `refs/muxlet/kept/${project}/${tree}/${new Date(at).toISOString().replaceAll(/[-:]/g, '').replace('.', '-')}`;
}
