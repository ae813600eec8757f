import type { TreeEntry } from '../../api/repository-look.ts';
import type { WorkTreeMark } from '../../api/work-tree-mark.ts';
import type { Asker } from '../../api/work-tree-plan.ts';

/**
 * Whose a work tree is, by its mark, or by the name that it was locked with when git made it. A project's uid changes when
 * it is reset, or when the records of it are lost: its name and its controller's state directory do not.
 */
export function ownershipOf(entry: TreeEntry, { project, uid, home }: Asker): 'Ours' | 'Others' | 'Nobodys' {
  const { mark, lockMark } = entry;
  const known = mark ?? lockMark;
  if (known === undefined) return 'Nobodys';
  if (known.project !== project) return 'Others';
  if (known.home === home) return 'Ours';
  // The state directory was moved: a copy of it would still be there.
  return mark?.uid === uid && entry.isAbandoned === true ? 'Ours' : 'Others';
}

/** The name of a work tree of ours: its agent's, or what it is for. */
export function treeNameOf({ mark, lockMark }: TreeEntry): string | undefined {
  return (mark ?? lockMark)?.tree;
}

export function describeMark({ project, tree, state }: Pick<WorkTreeMark, 'project' | 'tree' | 'state'>): string {
  return `${tree} of project ${project} of the controller with the state directory ${state}`;
}
