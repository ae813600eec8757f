import type { GitStep } from '../../api/git-verb.ts';
import type { RepositoryLook } from '../../api/repository-look.ts';
import type { WorkTreeMark } from '../../api/work-tree-mark.ts';
import type { Asker, TreePlan } from '../../api/work-tree-plan.ts';
import type { WantedTree } from '../../api/work-trees-request.ts';
import type { WorkTreePorts } from './ports.ts';

type Failure = Extract<GitStep, { readonly ok: false }>;

/** A work tree as far as the repository is concerned: what is in it is seen to later. */
export type MadeTree =
  | ({ readonly type: 'Made'; readonly wanted: WantedTree; readonly branch: string } & Standing)
  | { readonly type: 'Failed'; readonly wanted: WantedTree; readonly failure: Failure };

interface Standing {
  readonly adminDir: string;
  readonly stage: WorkTreeMark['stage'];
}

export interface Scene {
  readonly asker: Asker;
  /** The repository, as the spec names it. */
  readonly path: string;
  readonly repository: RepositoryLook;
  readonly base: string;
}

export async function makeTree(wanted: WantedTree, scene: Scene, ports: WorkTreePorts): Promise<MadeTree> {
  const { eyes, mind, hands } = ports;
  const { asker, repository, base } = scene;
  const place = { realPath: await eyes.realPath(wanted.path), folder: await eyes.folder(wanted.path) };
  const plan = mind.planTree({ asker, wanted, repository, base, ...place });
  const failed = (failure: Failure): MadeTree => ({ type: 'Failed', wanted, failure });
  if (plan.type === 'Refused') return failed({ ok: false, reason: plan.reason, message: plan.message });
  const standing = await standingOf(plan, { wanted, scene, ports });
  if ('ok' in standing) return failed(standing);
  const { branch } = plan;
  if (plan.type !== 'Ready' || plan.isTakenUp) {
    const { project, uid, home } = asker;
    const mark = { project, uid, tree: wanted.name, home, state: ports.state, branch, stage: standing.stage };
    const marked = await hands.mark(standing.adminDir, mark);
    if (!marked.ok) return failed(marked);
  }
  return { type: 'Made', wanted, branch, ...standing };
}

interface Making {
  readonly wanted: WantedTree;
  readonly scene: Scene;
  readonly ports: WorkTreePorts;
}

async function standingOf(
  plan: Exclude<TreePlan, { readonly type: 'Refused' }>,
  making: Making,
): Promise<Standing | Failure> {
  switch (plan.type) {
    case 'Add':
      return add(plan, making);
    case 'Repair':
      return repair(plan, making);
    case 'Finish':
      return { adminDir: plan.adminDir, stage: plan.stage };
    case 'Ready':
      return { adminDir: plan.adminDir, stage: 'Ready' };
  }
}

async function add(
  { branch, from }: Extract<TreePlan, { readonly type: 'Add' }>,
  { wanted: { path, name }, scene, ports: { hands, eyes } }: Making,
): Promise<Standing | Failure> {
  const { project, home } = scene.asker;
  if (from !== undefined) {
    const created = await hands.createRef(scene.path, `refs/heads/${branch}`, from);
    if (!created.ok) return created;
  }
  const added = await hands.add(scene.path, { path, branch, mark: { project, tree: name, home } });
  if (!added.ok) return added;
  const folder = await eyes.folder(path);
  if (folder.type === 'WorkTree') return { adminDir: folder.adminDir, stage: 'Added' };
  return { ok: false, reason: 'WorkTreeFailed', message: `git made ${path}, and it is no work tree` };
}

async function repair(
  { adminDir, isGone, stage }: Extract<TreePlan, { readonly type: 'Repair' }>,
  { wanted: { path }, ports: { hands } }: Making,
): Promise<Standing | Failure> {
  const linked = await hands.repairLink(path, adminDir);
  if (!linked.ok) return linked;
  if (!isGone || stage === 'Added') return { adminDir, stage };
  const restored = await hands.restoreFiles(path, adminDir);
  // A folder that is made anew is set up anew.
  return restored.ok ? { adminDir, stage: 'Filled' } : restored;
}
