import { MuxletError } from '../../api/errors.ts';
import type { GitStep } from '../../api/git-verb.ts';
import type { RepositoryLook } from '../../api/repository-look.ts';
import { toldAddress } from '../../api/told-address.ts';
import type { WorkTreesRequest } from '../../api/work-trees-request.ts';
import type { DesiredWorkspace } from '../../api/workspace.ts';
import { type MadeTree, makeTree } from './make-tree.ts';
import type { WorkTreePorts } from './ports.ts';

type Failure = Extract<GitStep, { readonly ok: false }>;
export type MakingRequest = WorkTreesRequest & { readonly workspace: DesiredWorkspace };

export interface MadeTrees {
  readonly trees: readonly MadeTree[];
  /** The commit that the project's work began from. */
  readonly base?: string;
  /** Where files may be had that the repository does not hold. */
  readonly checkout?: string;
}

/** Has every wanted work tree known to git and marked as ours. One that cannot be made keeps no other from it. */
export async function makeTrees(request: MakingRequest, ports: WorkTreePorts): Promise<MadeTrees> {
  const { workspace, trees, project, uid } = request;
  const { repo } = workspace;
  const none = (failure: Failure): MadeTrees => ({
    trees: trees.map((wanted) => ({ type: 'Failed', wanted, failure })),
  });
  const look = await ports.eyes.repository({ path: repo.path, project, isClone: repo.type === 'Remote' });
  if (look.state === 'Unknown') return none({ ok: false, reason: look.reason, message: look.message });
  const repository = look.value;
  const claimed = await claim(request, repository, ports);
  if (!claimed.ok) return none(claimed);
  const base = await baseOf(request, repository, ports);
  if (typeof base !== 'string') return none(base);
  const made: MadeTree[] = [];
  for (const wanted of trees) {
    const asker = { project, uid, home: ports.home };
    made.push(await makeTree(wanted, { asker, path: repo.path, repository, base }, ports));
  }
  return { trees: made, base, ...(repository.checkout !== undefined && { checkout: repository.checkout }) };
}

/** Has it written down that the branches of the project's name are ours, before the first of them is made. */
async function claim(
  { workspace: { repo }, project, uid }: MakingRequest,
  repository: RepositoryLook,
  { mind, hands, home, state }: WorkTreePorts,
): Promise<GitStep> {
  const found = mind.claimOf(repository, { project, uid, home });
  switch (found.type) {
    case 'Ours':
      return { ok: true };
    case 'Others':
      return { ok: false, reason: 'BranchesForeign', message: found.message };
    case 'Free':
      return hands.claim(repo.path, { project, mark: { uid, home, state }, from: found.from });
  }
}

/** What is written down of the beginning of the project's work; taken now, if nothing is. */
async function baseOf(
  { workspace, project }: MakingRequest,
  repository: RepositoryLook,
  { eyes, hands }: WorkTreePorts,
): Promise<string | Failure> {
  if (repository.base !== undefined) return repository.base;
  const { repo, ref } = workspace;
  let commit: string | undefined;
  try {
    commit = await eyes.commit(repo.path, ref, repo.type === 'Remote');
  } catch (error) {
    if (!(error instanceof MuxletError)) throw error;
    return { ok: false, reason: 'RepositoryUnreachable', message: error.message };
  }
  if (commit === undefined) {
    const where = repo.type === 'Remote' ? toldAddress(repo.url) : repo.path;
    const message = ref === undefined ? `${where} has no commit yet` : `${where} has no ref ${ref}`;
    return { ok: false, reason: 'RefMissing', message };
  }
  const taken = await hands.takeBase(repo.path, project, commit);
  return taken.ok ? commit : taken;
}
