import type { Look } from '../../api/look.ts';
import type { WorkLook } from '../../api/repository-look.ts';
import { runGit } from '../../exec/git.ts';
import { findWorkTree } from './find-work-tree.ts';
import { changedUnseen } from './hidden-files.ts';
import { failureOf } from './look-at-repository.ts';
import { operationIn } from './look-at-work-tree.ts';
import { ownWorkWithin } from './own-work-within.ts';

const TIMEOUT_MS = 120_000;

/** What would be lost if a work tree went. Takes no lock. */
export async function lookAtWork(tree: string, now: number): Promise<Look<WorkLook>> {
  const args = ['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=normal', '--ignore-submodules=none'];
  const status = await runGit(tree, args, { timeoutMs: TIMEOUT_MS });
  const unknown = (message: string): Look<WorkLook> => ({
    state: 'Unknown',
    at: now,
    reason: 'WorkTreeFailed',
    message,
  });
  if (!status.ok) return unknown(`${tree}: ${failureOf(status)}`);
  let operation: string | undefined;
  let unseen: readonly string[];
  try {
    const place = await findWorkTree(tree);
    operation = place === undefined ? undefined : await operationIn(place);
    unseen = await changedUnseen(tree);
  } catch (error) {
    return unknown(`${tree}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { within = await ownWorkWithin(tree), ...facts } = readStatus(status.stdout);
  const seen = {
    ...facts,
    changed: facts.changed + unseen.length,
    ...(within !== undefined && { within }),
    // A search holds nothing: it looks at commits that are there.
    ...(operation !== undefined && operation !== 'bisect' && { underWay: operation }),
  };
  // A branch that is checked out has what is checked out.
  if (seen.head === undefined || seen.branch !== undefined)
    return { state: 'Known', at: now, value: { ...seen, isHeadSafe: true } };
  const safe = await isReachable(tree, seen.head);
  if (safe === undefined) return unknown(`${tree}: git could not say which branches have ${seen.head}`);
  return { state: 'Known', at: now, value: { ...seen, isHeadSafe: safe } };
}

function readStatus(printed: string): Omit<WorkLook, 'isHeadSafe'> {
  const records = printed.split('\0');
  let [changed, untracked] = [0, 0];
  let head: string | undefined;
  let branch: string | undefined;
  let within: string | undefined;
  for (let at = 0; at < records.length; at += 1) {
    const line = records[at] ?? '';
    if (line.startsWith('# branch.oid ')) head = line.slice('# branch.oid '.length);
    else if (line.startsWith('# branch.head ')) branch = line.slice('# branch.head '.length);
    else if (line.startsWith('? ')) untracked += 1;
    else if (/^[12u] /.test(line)) changed += 1;
    // git-status(1), porcelain 2: what a submodule holds is in no commit of this repository.
    if (/^[12u] \S+ S/.test(line)) within ??= line.split(' ').at(-1);
    // The former name of what was renamed stands in a record of its own.
    if (line.startsWith('2 ')) at += 1;
  }
  return {
    changed,
    untracked,
    ...(head !== undefined && head !== '(initial)' && { head }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    ...(within !== undefined && { within }),
  };
}

/** Whether a branch has the commit, of here or of a remote; of those under `but` none counts. Undefined: git failed. */
export async function isReachable(repository: string, commit: string, but?: string): Promise<boolean | undefined> {
  const args = ['for-each-ref', '--format=%(refname)', '--contains', commit, 'refs/heads/', 'refs/remotes/'];
  const result = await runGit(repository, args, { timeoutMs: TIMEOUT_MS });
  if (!result.ok) return undefined;
  return result.stdout.split('\n').some((ref) => ref !== '' && (but === undefined || !ref.startsWith(but)));
}
