import { MuxletError } from '../../api/errors.ts';
import type { FinishRequest } from '../../api/finish-request.ts';
import { inCleanTree } from './own-trees.ts';
import type { RoundPorts, Tip } from './ports.ts';
import { startOf } from './start-of.ts';
import { TREES } from './sweep.ts';

export interface Merged {
  /** What the branch holds now: all that could be merged. */
  readonly commit: string;
  /** Agents whose branches are in it, in the order of the request. */
  readonly merged: readonly string[];
  readonly backup?: string;
  readonly conflict?: Conflict;
}

export interface Conflict {
  readonly agent: string;
  readonly files: readonly string[];
  readonly message: string;
}

type Ports = Pick<RoundPorts, 'history' | 'trees' | 'merging' | 'backups' | 'now'>;

/** So many backups of a result are kept, and those that hold what it holds no more. */
const MAX_BACKUPS = 20;

/**
 * Merges all branches into the one that holds the result, in their order, as far as they are not in it: that is what
 * history says, whatever was recorded. A branch that another one contains comes in with that, so that whoever resolved
 * a conflict by merging it does not have it again. The first conflict is aborted and told; what was merged before it
 * stays, to be resolved against.
 *
 * @throws MuxletError if git fails, a branch is missing, or the result is checked out somewhere and cannot be moved on
 */
export async function mergeBranches(request: FinishRequest, ports: Ports): Promise<Merged> {
  const { history, trees } = ports;
  const tips = await tipsOf(request, ports);
  const before = await history.commitOf(`refs/heads/${request.into}`);
  const start = await startOf(request, { tips, before }, history);
  const due = await dueOf(tips, start, history);
  const path = `${request.root}/${TREES.merge}`;
  const { commit, conflict } =
    due.length === 0
      ? { commit: start }
      : await inCleanTree(trees, { path, commit: start }, (tree) => mergeEach({ request, tree, due, start }, ports));
  const backup = await moveOn(request, { before, commit }, ports);
  return {
    commit,
    merged: conflict === undefined ? tips.map(({ agent }) => agent) : await mergedInto(commit, tips, history),
    ...(backup !== undefined && { backup }),
    ...(conflict !== undefined && { conflict }),
  };
}

async function tipsOf({ branches }: FinishRequest, { history }: Ports): Promise<readonly Tip[]> {
  return Promise.all(
    branches.map(async ({ agent, branch }) => {
      const commit = await history.commitOf(`refs/heads/${branch}`);
      if (commit !== undefined) return { agent, branch, commit };
      throw new MuxletError('MUX_NOT_FOUND', `${agent}'s branch ${branch} is not there, or has no commit yet`);
    }),
  );
}

/** Those that have to be merged, each commit once. */
async function dueOf(tips: readonly Tip[], start: string, history: Ports['history']): Promise<readonly Tip[]> {
  const commits = [...new Set(tips.map(({ commit }) => commit))];
  const independent = await history.independentOf(commits);
  const first = tips.filter(({ commit }, index) => tips.findIndex((tip) => tip.commit === commit) === index);
  const isDue = await Promise.all(
    first.map(async ({ commit }) => independent.has(commit) && !(await history.isAncestor(commit, start))),
  );
  return first.filter((_tip, index) => isDue[index]);
}

interface Work {
  readonly request: FinishRequest;
  readonly tree: string;
  readonly due: readonly Tip[];
  readonly start: string;
}

async function mergeEach(
  { request: { into }, tree, due, start }: Work,
  { history, merging }: Ports,
): Promise<{ readonly commit: string; readonly conflict?: Conflict }> {
  let commit = start;
  for (const { agent, branch, commit: tip } of due) {
    if (!(await history.areRelated(commit, tip))) {
      const message = `${branch} has no commit in common with what it is to be merged into`;
      return { commit, conflict: { agent, files: [], message } };
    }
    const failure = await merging.merge(tree, { commit: tip, message: `Merge branch '${branch}' into ${into}` });
    if (failure !== undefined) {
      const files = await merging.unmergedFiles(tree);
      if (files.length === 0) throw failure;
      await merging.abort(tree);
      const message = `${branch} conflicts with what is in ${into} already, in ${listed(files)}`;
      return { commit, conflict: { agent, files, message } };
    }
    commit = await merging.headOf(tree);
  }
  return { commit };
}

/** As many files as one reads. */
function listed(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(', ');
  return files.length <= 5 ? shown : `${shown} and ${files.length - 5} more`;
}

/** Moves the branch that holds the result; what it held is kept under a reference of its own. @returns that one */
async function moveOn(
  { project, into }: FinishRequest,
  { before, commit }: { readonly before: string | undefined; readonly commit: string },
  { trees, merging, backups, now }: Ports,
): Promise<string | undefined> {
  if (before === commit) return undefined;
  const holder = (await trees.workTrees()).find(({ branch }) => branch === into);
  if (holder !== undefined) {
    const message = `${into} is checked out in ${holder.path}, and is not moved beneath whoever works there`;
    throw new MuxletError('MUX_CONFLICT', message);
  }
  const move = { ref: `refs/heads/${into}`, to: commit, from: before };
  if (before === undefined) {
    await merging.moveRef(move);
    return undefined;
  }
  const folder = `refs/muxlet/backup/${project}/integration/`;
  const backup = folder + new Date(now()).toISOString().replaceAll(/[-:.]/g, '');
  await merging.moveRef({ ref: backup, to: before, from: undefined });
  await merging.moveRef(move);
  const old = (await backups.within(folder, commit)).slice(0, -MAX_BACKUPS);
  for (const one of old) await backups.drop(one.ref, one.commit);
  return backup;
}

async function mergedInto(commit: string, tips: readonly Tip[], history: Ports['history']): Promise<readonly string[]> {
  const isIn = await Promise.all(tips.map((tip) => history.isAncestor(tip.commit, commit)));
  return tips.filter((_tip, index) => isIn[index]).map(({ agent }) => agent);
}
