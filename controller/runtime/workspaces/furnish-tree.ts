import type { GitStep } from '../../api/git-verb.ts';
import type { WorkTreeMark } from '../../api/work-tree-mark.ts';
import type { DesiredWorkspace } from '../../api/workspace.ts';
import type { MadeTree } from './make-tree.ts';
import type { WorkTreePorts } from './ports.ts';

export interface Furnishing {
  readonly tree: Extract<MadeTree, { readonly type: 'Made' }>;
  readonly project: string;
  readonly uid: string;
  readonly workspace: Pick<DesiredWorkspace, 'files' | 'setUp'>;
  readonly checkout: string | undefined;
  readonly signal: AbortSignal;
  readonly onSetUp: () => void;
}

/** Gives a work tree its files, what the spec adds to them, and has it set up; each once, but for what was broken off. */
export async function furnishTree(
  furnishing: Furnishing,
  { eyes, hands, home, state }: WorkTreePorts,
): Promise<GitStep> {
  const { tree, project, uid, workspace, checkout, signal } = furnishing;
  const { wanted, adminDir, branch } = tree;
  const say = (stage: WorkTreeMark['stage']): Promise<GitStep> =>
    hands.mark(adminDir, { project, uid, tree: wanted.name, home, state, branch, stage });
  if (tree.stage === 'Added') {
    const isFree = eyes.occupants(await eyes.realPath(wanted.path)).length === 0;
    const filled = await hands.fill(wanted.path, adminDir, isFree);
    if (!filled.ok) return filled;
    const said = await say('Filled');
    if (!said.ok) return said;
  }
  const provided = await hands.provide({ checkout, tree: wanted.path, files: workspace.files });
  if (!provided.ok) return provided;
  if (workspace.setUp !== undefined) {
    furnishing.onSetUp();
    const { path, env, name } = wanted;
    const done = await hands.setUp({ uid, tree: name, path, ...workspace.setUp, env, signal });
    if (!done.ok) return done;
  }
  return say('Ready');
}
