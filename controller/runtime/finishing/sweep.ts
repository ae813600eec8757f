import { endProcesses } from './end-processes.ts';
import { clearTree } from './own-trees.ts';
import type { ProcessPorts, RoundPorts } from './ports.ts';

/** Below the folder of a project's work trees; no agent's name begins with a dot. */
export const TREES = { merge: '.integration', verify: '.verification' } as const;

/** Ends and takes away what earlier rounds left, in this life of the controller or an earlier one. */
export async function sweep(
  /** Of the project's work trees; undefined: it has none. */
  root: string | undefined,
  ports: Pick<RoundPorts, 'trees'> & { readonly processes: ProcessPorts },
): Promise<void> {
  await endProcesses(ports.processes);
  if (root === undefined) return;
  for (const name of Object.values(TREES)) await clearTree(ports.trees, `${root}/${name}`);
}
