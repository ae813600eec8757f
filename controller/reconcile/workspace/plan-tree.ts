/**
 * What is to be done for one work tree, from what is wanted and what stands in the repository and at its path. Pure. What
 * is there is used if it is ours and refused if it is not: nothing is overwritten, and nothing forced.
 */
import type { Reason } from '../../api/reasons.ts';
import type { TreeEntry } from '../../api/repository-look.ts';
import type { WorkTreeMark } from '../../api/work-tree-mark.ts';
import type { TreeInput, TreePlan } from '../../api/work-tree-plan.ts';
import { describeMark, ownershipOf } from './ownership.ts';

export function planTree(input: TreeInput): TreePlan {
  const { repository, realPath } = input;
  const entry = repository.entries.find(({ path }) => path === realPath);
  return entry === undefined ? planNew(input) : planKnown(input, entry);
}

/** Who names a folder within a checkout means the checkout; beside that folder is still inside, and not a place of ours. */
const BESIDE = '.worktrees/';

function planNew(input: TreeInput): TreePlan {
  const { folder, wanted, repository, realPath } = input;
  const { path } = wanted;
  const { checkout } = repository;
  if (checkout !== undefined && realPath.startsWith(`${checkout}/`) && path.includes(BESIDE)) {
    return refuse('WorkTreeFailed', `${path} would stand within the checkout ${checkout}: let repo name that itself`);
  }
  switch (folder.type) {
    case 'Nothing':
    case 'Empty':
      return chooseBranch(input);
    case 'NoFolder':
      return refuse('WorkTreeForeign', `${path} is no folder`);
    case 'Plain':
    case 'Corrupt':
      return refuse('WorkTreeForeign', `${path} is there, and is no work tree of ${repository.commonDir}`);
    case 'Repository':
      return refuse('WorkTreeForeign', `${path} is a repository of its own`);
    case 'WorkTree': {
      const isLost = !folder.exists && folder.adminDir.startsWith(`${repository.commonDir}/`);
      const lost = `git's record of ${path} is gone (${folder.adminDir}): save what you need of it, and remove the folder`;
      return isLost
        ? refuse('WorkTreeBroken', lost)
        : refuse('WorkTreeForeign', `${path} is a work tree of another repository`);
    }
  }
}

function planKnown({ asker, wanted, folder }: TreeInput, entry: TreeEntry): TreePlan {
  const { path } = wanted;
  const { adminDir, mark } = entry;
  const ownership = ownershipOf(entry, asker);
  if (ownership !== 'Ours' || adminDir === undefined) {
    const whose = mark === undefined ? 'that muxlet did not make' : describeMark(mark);
    return refuse('WorkTreeForeign', `${path} is a work tree ${whose}`);
  }
  const branch = mark?.branch ?? entry.branch ?? wanted.branch;
  const known = stageOf(entry);
  // What was being taken away is made whole, and set up, again.
  const isLeaving = known === 'Leaving';
  const isLeft = known === 'Left';
  const stage = isLeaving ? 'Filled' : isLeft ? 'Ready' : known;
  switch (folder.type) {
    case 'NoFolder':
      return refuse('WorkTreeForeign', `${path} is no folder`);
    case 'Repository':
      return refuse('WorkTreeBroken', `${path}/.git was a file of git's, and is a repository of its own`);
    case 'Nothing':
      // Who locks a work tree says that its folder may be away for a while.
      if (entry.locked !== undefined && entry.lockMark === undefined) {
        return refuse('WorkTreeLocked', `${path} is not there, and is locked: ${entry.locked || 'no reason given'}`);
      }
      return { type: 'Repair', adminDir, branch, isGone: true, stage };
    case 'Empty':
      return { type: 'Repair', adminDir, branch, isGone: true, stage };
    case 'Plain':
    case 'Corrupt':
      return { type: 'Repair', adminDir, branch, isGone: isLeaving, stage };
    case 'WorkTree':
      break;
  }
  if (folder.adminDir !== adminDir) {
    if (!folder.exists) return { type: 'Repair', adminDir, branch, isGone: false, stage };
    return refuse('WorkTreeForeign', `${path}/.git leads to ${folder.adminDir}, and not to ${adminDir}`);
  }
  if (isLeaving) return { type: 'Repair', adminDir, branch, isGone: true, stage };
  if (stage !== 'Ready') return { type: 'Finish', adminDir, branch, stage };
  return { type: 'Ready', adminDir, branch, isTakenUp: isLeft || mark?.uid !== asker.uid || mark.home !== asker.home };
}

/**
 * How far it is: by the files that were checked out, where the mark does not know of them any more, or not yet. What may be
 * somebody's work is never checked out over.
 */
export function stageOf({ mark, hasIndex }: Pick<TreeEntry, 'mark' | 'hasIndex'>): WorkTreeMark['stage'] {
  const { stage = 'Added' } = mark ?? {};
  return stage === 'Added' && hasIndex === true ? 'Filled' : stage;
}

/** How often another name is tried for a branch that is checked out elsewhere. */
const NAMES = 20;

/**
 * The agent's branch; where that is checked out elsewhere, another one that goes on from it. No agent's name has a point in
 * it, so that no two agents come to the same.
 */
function chooseBranch({ wanted, repository, base }: TreeInput): TreePlan {
  const taken = new Set(repository.entries.flatMap(({ branch }) => branch ?? []));
  const names = Array.from({ length: NAMES }, (_, at) => (at === 0 ? wanted.branch : `${wanted.branch}.${at + 1}`));
  const branch = names.find((name) => !taken.has(name));
  if (branch === undefined) {
    return refuse('BranchInUse', `${wanted.branch} and ${NAMES - 1} more of its name are checked out elsewhere`);
  }
  if (repository.branches.has(branch)) return { type: 'Add', branch };
  return { type: 'Add', branch, from: repository.branches.get(wanted.branch) ?? base };
}

function refuse(reason: Reason, message: string): TreePlan {
  return { type: 'Refused', reason, message };
}
