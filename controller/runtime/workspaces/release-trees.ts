import type { KeptWork } from '../../api/generated/all.ts';
import type { GitStep } from '../../api/git-verb.ts';
import { claimRef } from '../../api/project-claim.ts';
import type { RepositoryLook } from '../../api/repository-look.ts';
import type { Leaving } from '../../api/work-tree-plan.ts';
import type { WorkspacePlace, WorkTreesRequest } from '../../api/work-trees-request.ts';
import { isOwnClone } from './own-clone.ts';
import type { WorkTreePorts } from './ports.ts';

export interface Released {
  readonly kept: readonly KeptWork[];
  /** Why it is not over, for a person; it is tried again. */
  readonly held?: string;
}

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

interface Context {
  readonly request: WorkTreesRequest;
  readonly place: WorkspacePlace;
  readonly ports: WorkTreePorts;
}

/** Each step is git's, and refused by git where something would be lost. */
async function releaseTree({ entry, tree }: Leaving, { request, place, ports }: Context): Promise<Released> {
  const { eyes, mind, hands, now } = ports;
  const { path, adminDir = '', branch, head } = entry;
  const folder = await eyes.folder(path);
  const isThere = folder.type === 'WorkTree';
  const isGone = folder.type === 'Nothing';
  const work = isThere ? await eyes.work(path) : undefined;
  if (work?.state === 'Unknown') return { kept: [], held: work.message };
  const stays = (message: string): Released => ({
    kept: [
      {
        agent: tree,
        path,
        ...(branch !== undefined && { branch }),
        ...(head !== undefined && { commit: head }),
        message,
      },
    ],
  });
  const isLocked = entry.lockMark !== undefined;
  const stay = async (message: string): Promise<Released> => {
    // It is a person's from now on.
    const unlocked = isLocked ? await hands.unlock(place.repository, path) : undefined;
    return unlocked?.ok === false ? { kept: [], held: unlocked.message } : stays(message);
  };
  if (!isThere && !isGone) return stay('its folder does not lead to git any more');
  const isLoose = isGone && branch === undefined && head !== undefined;
  const isHeadSafe = isLoose ? await eyes.isMerged(place.repository, head) : true;
  if (isHeadSafe === undefined) return { kept: [], held: `${path}: git could not say which branches have ${head}` };
  const end = mind.planLeaving({
    leaving: { entry, tree },
    ...(work !== undefined && { work: work.value }),
    isHeadSafe,
    occupants: await lasting(await eyes.realPath(path), ports),
    onDelete: place.onDelete,
    isReset: request.release === 'Reset',
  });
  if (end.type === 'Keep') return stay(end.message);
  const kept: KeptWork[] = [];
  const ref = mind.keptRef(request.project, tree, now());
  let saved: { readonly adminDir: string; readonly commit: string } | undefined;
  if (end.type === 'Save') {
    const message = `Uncommitted work of ${tree}, project ${request.project}, saved by muxlet`;
    const result = await hands.save({ tree: path, adminDir, ref, message });
    if (result.type === 'Inseparable') return stay(`it holds a repository of its own: ${result.path}`);
    if (result.type === 'Failed') return { kept: [], held: `${path}: ${result.step.message}` };
    saved = { adminDir, commit: result.commit };
    kept.push({ agent: tree, ref, commit: result.commit, message: `uncommitted work was saved under ${ref}` });
  } else if (end.saveHead !== undefined) {
    const step = await hands.createRef(place.repository, ref, end.saveHead);
    if (!step.ok) return { kept: [], held: `${path}: ${step.message}` };
    kept.push({ agent: tree, ref, commit: end.saveHead, message: `commits that no branch has are kept under ${ref}` });
  }
  if (end.saveStaged === true) {
    const stagedRef = mind.keptRef(request.project, tree, now() + 1);
    const message = `What was staged by ${tree}, project ${request.project}, saved by muxlet`;
    const staged = await hands.saveStaged({ repository: place.repository, adminDir, head, ref: stagedRef, message });
    // A conflict makes no tree, and so no commit: git's record of it stays.
    if (staged.type === 'Failed')
      return stay(`its folder is gone, and what was staged is not saved: ${staged.step.message}`);
    if (staged.type === 'Saved') {
      const told = `its folder is gone; what was staged was saved under ${stagedRef}`;
      kept.push({ agent: tree, ref: stagedRef, commit: staged.commit, message: told });
    }
  }
  const steps: (() => Promise<GitStep>)[] = [
    ...(end.type === 'Remove' ? [] : [() => hands.clean(path, saved)]),
    () => hands.remove(place.repository, { path, isLocked }),
  ];
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return { kept: [...kept, ...stays(`git would not remove it: ${done.message}`).kept] };
  }
  return { kept };
}

/** Who is there at one look may be on its way out. */
async function lasting(path: string, { eyes, pause }: WorkTreePorts): Promise<readonly number[]> {
  for (let tries = 0; tries < OCCUPANT_LOOKS && eyes.occupants(path).length > 0; tries += 1) await pause(OCCUPANT_MS);
  return eyes.occupants(path);
}

const OCCUPANT_LOOKS = 10;
const OCCUPANT_MS = 200;

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
