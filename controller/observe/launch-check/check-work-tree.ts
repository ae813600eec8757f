import type { DesiredAgent } from '../../api/desired.ts';
import { lookAtFolder } from '../git/look-at-folder.ts';
import type { Finding } from './finding.ts';

/** A work tree that was there and is not any more, or does not lead to git: it is put right before its agent starts. */
export async function checkWorkTree({ workTree }: DesiredAgent): Promise<Finding | undefined> {
  if (workTree === undefined) return undefined;
  try {
    const folder = await lookAtFolder(workTree.path);
    if (folder.type === 'WorkTree' && folder.exists) return undefined;
  } catch {
    // It cannot be entered: the look at the directory says so.
    return undefined;
  }
  const message = `its work tree ${workTree.path} is gone or damaged, and is put right`;
  return { reason: 'WorkTreePreparing', message };
}
