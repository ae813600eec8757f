import type { KeptWork } from '../../api/generated/all.ts';
import type { GitStep } from '../../api/git-verb.ts';
import type { TreeEntry } from '../../api/repository-look.ts';
import type { Leaving, TreeEnd } from '../../api/work-tree-plan.ts';
import type { WorkspacePlace, WorkTreesRequest } from '../../api/work-trees-request.ts';
import type { WorkTreePorts } from './ports.ts';

export interface Released {
  readonly kept: readonly KeptWork[];
  /** Why it is not over, for a person; it is tried again. */
  readonly held?: string;
}

export interface Context {
  readonly request: WorkTreesRequest;
  readonly place: WorkspacePlace;
  readonly ports: WorkTreePorts;
}

/** Has one work tree go. Each step is git's, and refused by git where something would be lost. */
export async function releaseTree({ entry, tree }: Leaving, context: Context): Promise<Released> {
  const { request, place, ports } = context;
  const { eyes, mind, hands } = ports;
  const { path, adminDir = '', branch, head } = entry;
  if (eyes.isGitLeft(path)) return { kept: [], held: `${path}: a git of an earlier controller is still at work on it` };
  const whole = entry.mark?.stage === 'Leaving' ? await makeWhole(path, adminDir, ports) : undefined;
  if (whole?.ok === false) return { kept: [], held: `${path}: ${whole.message}` };
  const folder = await eyes.folder(path);
  const isThere = folder.type === 'WorkTree' && folder.adminDir === adminDir;
  const isGone = folder.type === 'Nothing';
  const work = isThere ? await eyes.work(path) : undefined;
  if (work?.state === 'Unknown') return { kept: [], held: work.message };
  const stay = async (message: string): Promise<Released> => {
    // It is a person's from now on, whatever becomes of it: without a mark or a lock nobody takes it for ours either.
    const { mark, lockMark } = entry;
    const marked = mark === undefined ? undefined : await hands.mark(adminDir, { ...mark, stage: 'Left' });
    const unlocked = lockMark === undefined ? undefined : await hands.unlock(place.repository, path);
    for (const step of [marked, unlocked]) if (step?.ok === false) return { kept: [], held: step.message };
    return { kept: [stays(entry, tree, message)] };
  };
  if (!isThere && !isGone) {
    const elsewhere = folder.type === 'WorkTree' ? `leads to ${folder.adminDir}` : 'does not lead to git any more';
    return stay(`its folder ${elsewhere}`);
  }
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
  const secured = await secure(end, { entry, tree }, context);
  if ('held' in secured) return { kept: [], held: secured.held };
  if ('inseparable' in secured) return stay(`it holds a repository of its own: ${secured.inseparable}`);
  const { saved } = secured;
  const kept = [...secured.kept];
  if (end.saveStaged === true) {
    const ref = mind.keptRef(request.project, tree, ports.now() + 1);
    const message = `What was staged by ${tree}, project ${request.project}, saved by muxlet`;
    const staged = await hands.saveStaged({ repository: place.repository, adminDir, head, ref, message });
    // A conflict makes no tree, and so no commit: git's record of it stays.
    if (staged.type === 'Failed')
      return stay(`its folder is gone, and what was staged is not saved: ${staged.step.message}`);
    if (staged.type === 'Saved') {
      const told = `its folder is gone; what was staged was saved under ${ref}`;
      kept.push({ agent: tree, ref, commit: staged.commit, message: told });
    }
  }
  const gone = await takeAway({ entry, tree, isClean: end.type === 'Remove', isThere, saved }, context);
  return { kept: gone.ok ? kept : [...kept, stays(entry, tree, `git would not remove it: ${gone.message}`)] };
}

function stays({ path, branch, head }: TreeEntry, agent: string, message: string): KeptWork {
  return { agent, path, ...(branch !== undefined && { branch }), ...(head !== undefined && { commit: head }), message };
}

/**
 * A removal that was broken off has taken files away: with the .gitignore among them, say, what it ignored would count as
 * somebody's work. What is left is only judged once all is back.
 */
async function makeWhole(path: string, adminDir: string, { eyes, hands }: WorkTreePorts): Promise<GitStep> {
  // They keep it from going.
  if (eyes.occupants(await eyes.realPath(path)).length > 0) return { ok: true };
  const folder = await eyes.folder(path);
  switch (folder.type) {
    case 'Nothing':
    case 'NoFolder':
    case 'Repository':
      return { ok: true };
    case 'WorkTree':
      return folder.adminDir === adminDir ? hands.restoreFiles(path, adminDir) : { ok: true };
    case 'Empty':
    case 'Plain':
    case 'Corrupt': {
      const linked = await hands.repairLink(path, adminDir);
      return linked.ok ? hands.restoreFiles(path, adminDir) : linked;
    }
  }
}

type Secured =
  | { readonly kept: readonly KeptWork[]; readonly saved?: string }
  | { readonly held: string }
  | { readonly inseparable: string };

/** Keeps what would go with the work tree and is nowhere else. */
async function secure(
  end: Exclude<TreeEnd, { readonly type: 'Keep' }>,
  { entry: { path, adminDir = '' }, tree }: Leaving,
  { request, place, ports: { mind, hands, now } }: Context,
): Promise<Secured> {
  const ref = mind.keptRef(request.project, tree, now());
  if (end.type === 'Save') {
    const message = `Uncommitted work of ${tree}, project ${request.project}, saved by muxlet`;
    const result = await hands.save({ tree: path, adminDir, ref, message });
    if (result.type === 'Inseparable') return { inseparable: result.path };
    if (result.type === 'Failed') return { held: `${path}: ${result.step.message}` };
    const { commit } = result;
    return { kept: [{ agent: tree, ref, commit, message: `uncommitted work was saved under ${ref}` }], saved: commit };
  }
  if (end.saveHead === undefined) return { kept: [] };
  const step = await hands.createRef(place.repository, ref, end.saveHead);
  if (!step.ok) return { held: `${path}: ${step.message}` };
  const message = `commits that no branch has are kept under ${ref}`;
  return { kept: [{ agent: tree, ref, commit: end.saveHead, message }] };
}

interface Going extends Leaving {
  /** Git found nothing in it that is uncommitted. */
  readonly isClean: boolean;
  readonly isThere: boolean;
  readonly saved: string | undefined;
}

/** Has git remove it; what it would not take stays as it was. */
async function takeAway(
  { entry, tree, isClean, isThere, saved }: Going,
  { request, place, ports }: Context,
): Promise<GitStep> {
  const { hands, home, state } = ports;
  const { path, adminDir = '', hasIndex, branch = `muxlet/${request.project}/${tree}` } = entry;
  const { project, uid } = request;
  const stage = hasIndex === true ? 'Filled' : 'Added';
  const known = entry.mark ?? { project, uid, tree, home, state, branch, stage };
  const steps: (() => Promise<GitStep>)[] = [
    // It takes its time: who finds it half gone is to know why.
    ...(isThere ? [() => hands.mark(adminDir, { ...known, stage: 'Leaving' })] : []),
    ...(isClean ? [] : [() => hands.clean(path, adminDir, saved)]),
    () => hands.remove(place.repository, { path, isLocked: entry.lockMark !== undefined }),
  ];
  for (const step of steps) {
    const done = await step();
    if (done.ok) continue;
    if (isThere) await hands.mark(adminDir, { ...known, stage: 'Left' });
    return done;
  }
  return { ok: true };
}

/** Who is there at one look may be on its way out. */
async function lasting(path: string, { eyes, pause }: WorkTreePorts): Promise<readonly number[]> {
  for (let tries = 0; tries < OCCUPANT_LOOKS && eyes.occupants(path).length > 0; tries += 1) await pause(OCCUPANT_MS);
  return eyes.occupants(path);
}

const OCCUPANT_LOOKS = 10;
const OCCUPANT_MS = 200;
