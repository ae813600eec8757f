import type { DesiredAgent } from '../../api/desired.ts';
import type { LaunchObstacle } from '../../api/observed.ts';
import type { FolderLook } from '../../api/repository-look.ts';
import { lookAtFolder } from './look-at-folder.ts';

/** Agents whose work tree was there and is not any more, or does not lead to git: it is put right before they start. */
export function lostTrees(agents: readonly DesiredAgent[]): LaunchObstacle[] {
  return agents.flatMap(({ name, workTree }) => {
    if (workTree === undefined || isTree(workTree.path)) return [];
    const message = `its work tree ${workTree.path} is gone or damaged, and is put right`;
    return [{ agent: name, reason: 'WorkTreePreparing', message }];
  });
}

function isTree(path: string): boolean {
  let folder: FolderLook;
  try {
    folder = lookAtFolder(path);
  } catch {
    // It cannot be entered: the other checks say so.
    return true;
  }
  return folder.type === 'WorkTree' && folder.exists;
}
