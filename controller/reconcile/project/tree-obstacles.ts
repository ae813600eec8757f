import type { DesiredAgent } from '../../api/desired.ts';
import type { WorkTreeStatus } from '../../api/generated/all.ts';
import type { LaunchObstacle } from '../../api/observed.ts';
import type { Reason } from '../../api/reasons.ts';
import type { WorkspaceLook } from '../../api/workspace.ts';

/** Who waits for a work tree: nobody is started in a directory that is not there, or half there. */
export function treeObstacles(agents: readonly DesiredAgent[], look: WorkspaceLook | undefined): LaunchObstacle[] {
  return agents.flatMap(({ name, workTree }) => {
    if (workTree === undefined) return [];
    const tree = look?.trees.get(name);
    // Another one than is wanted now: the keeper has not heard of the change.
    const status = tree?.path === workTree.path ? tree : undefined;
    const found = obstacleOf(status);
    return found === undefined ? [] : [{ agent: name, ...found }];
  });
}

function obstacleOf(tree: WorkTreeStatus | undefined): Omit<LaunchObstacle, 'agent'> | undefined {
  switch (tree?.state) {
    case undefined:
    case 'Pending':
    case 'Preparing':
      return { reason: 'WorkTreePreparing', message: 'its work tree is being made' };
    case 'SettingUp':
      return { reason: 'SettingUp', message: 'its work tree is being set up' };
    case 'Failed':
      return { reason: (tree.reason ?? 'WorkTreeFailed') as Reason, message: tree.message ?? 'its work tree failed' };
    case 'Ready':
      return undefined;
  }
}
