import type { KeptWork } from '../../api/generated/all.ts';
import { claimRef } from '../../api/project-claim.ts';
import type { RepositoryLook } from '../../api/repository-look.ts';
import type { WorkspacePlace, WorkTreesRequest } from '../../api/work-trees-request.ts';
import { isOwnClone } from './own-clone.ts';
import type { WorkTreePorts } from './ports.ts';
import { type Context, type Released, releaseTree } from './release-tree.ts';

/** Has work trees go that nobody needs any more, and their branches where all their work is elsewhere as well. */
export async function releaseTrees(
  request: WorkTreesRequest,
  place: WorkspacePlace,
  ports: WorkTreePorts,
): Promise<Released> {
  const { eyes, mind, hands, home } = ports;
  const { project, uid } = request;
  const { repository: path } = place;
  if (!(await eyes.exists(path))) return { kept: await withoutRepository(request, place, ports) };
  const see = () => eyes.repository({ path, project, isClone: isOwnClone(path, ports.state) });
  const before = await see();
  if (before.state === 'Unknown') {
    // It may never have been a repository: where no work tree stands, nothing of anybody's is waited for.
    return (await eyes.exists(place.root)) ? { kept: [], held: before.message } : { kept: [] };
  }
  const kept: KeptWork[] = [];
  const held: string[] = [];
  const leaving = mind.leavingTrees(before.value, request, { project, uid, home });
  for (const one of leaving) {
    const released = await releaseTree(one, { request, place, ports });
    kept.push(...released.kept);
    if (released.held !== undefined) held.push(released.held);
  }
  const after = leaving.length === 0 ? before : await see();
  if (after.state === 'Unknown') return { kept, held: after.message };
  // What is written down there is another's, and so are the branches, and what was kept.
  const claim = mind.claimOf(after.value, { project, uid, home });
  if (claim.type === 'Others') return { kept, ...(held.length > 0 && { held: held.join('; ') }) };
  const gone = leaving.map(({ tree }) => tree);
  const branches = await releaseBranches(after.value, gone, { request, place, ports });
  kept.push(...branches.kept);
  if (branches.held !== undefined) held.push(branches.held);
  if (request.release !== undefined && held.length === 0) {
    const { base } = after.value;
    const isEmpty = branches.deleted === after.value.branches.size || request.release === 'Reset';
    if (base !== undefined && isEmpty) await hands.deleteRef(path, `refs/muxlet/base/${project}`, base);
    kept.push(...savedBefore(before.value, kept, project));
    for (const [ref, commit] of after.value.published ?? []) await hands.deleteRef(path, ref, commit);
    // Whoever has a project of this name next may go on from what is left.
    const { claim: seen } = after.value;
    if (seen !== undefined) await hands.deleteRef(path, claimRef(project), seen.object);
  }
  return { kept, ...(held.length > 0 && { held: held.join('; ') }) };
}

/** What stands there is whole, as far as it goes, and nobody can say more of it. */
async function withoutRepository(
  { release }: WorkTreesRequest,
  { repository, root }: WorkspacePlace,
  { eyes }: WorkTreePorts,
): Promise<KeptWork[]> {
  if (release === undefined || !(await eyes.exists(root))) return [];
  const message = `the repository ${repository} is gone; what is in ${root} was left as it is`;
  return [{ agent: '*', path: root, message }];
}

async function releaseBranches(
  look: RepositoryLook,
  leaving: readonly string[],
  { request, place, ports }: Context,
): Promise<Released & { readonly deleted: number }> {
  const { eyes, mind, hands, now } = ports;
  const { repository } = place;
  const kept: KeptWork[] = [];
  let deleted = 0;
  for (const { branch, tree, commit } of mind.leavingBranches(look, request, leaving)) {
    const isMerged = commit === look.base || (await eyes.isMerged(repository, commit));
    if (isMerged === undefined) return { kept, deleted, held: `git could not say whether ${branch} is merged` };
    if (!isMerged && request.release !== 'Reset') {
      kept.push({ agent: tree, branch, commit, message: `branch ${branch} has commits that no other branch has` });
      continue;
    }
    if (!isMerged) {
      const ref = mind.keptRef(request.project, `${tree}-branch`, now());
      const saved = await hands.createRef(repository, ref, commit);
      if (!saved.ok) return { kept, deleted, held: saved.message };
      kept.push({ agent: tree, ref, commit, message: `what branch ${branch} had is kept under ${ref}` });
    }
    const gone = await hands.deleteRef(repository, `refs/heads/${branch}`, commit);
    if (!gone.ok) return { kept, deleted, held: gone.message };
    deleted += 1;
  }
  return { kept, deleted };
}

/** What was saved before the controller was ended in the middle of it, and told nobody. */
function savedBefore({ kept: refs }: RepositoryLook, told: readonly KeptWork[], project: string): KeptWork[] {
  const known = new Set(told.map(({ ref }) => ref));
  return [...refs].flatMap(([ref, commit]) => {
    if (known.has(ref)) return [];
    const agent = ref.slice(`refs/muxlet/kept/${project}/`.length).split('/')[0] ?? '*';
    return [{ agent, ref, commit, message: `work is kept under ${ref}` }];
  });
}
