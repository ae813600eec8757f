import { askGit, gitFailure } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';
import type { ActionResult } from '../result.ts';

const MOVE_MS = 60_000;
const FETCH_MS = 5 * 60_000;

export interface Move {
  /** The whole name: refs/… */
  readonly ref: string;
  readonly to: string;
  /** What it must be before; undefined: it must not be there. */
  readonly from: string | undefined;
}

/**
 * Moves a reference, if nobody else has moved it meanwhile; it is not looked at who has it checked out.
 *
 * @throws MuxletError MUX_COMMAND_FAILED
 */
export async function moveRef(repository: string, { ref, to, from }: Move): Promise<void> {
  const args = ['update-ref', '-m', 'muxlet', '--no-deref', '--end-of-options', ref, to, from ?? ''];
  await askGit(repository, args, { timeoutMs: MOVE_MS, mayWrite: true });
}

/**
 * Moves a branch on to a commit, as `git fetch` does it: not back or aside, and not beneath anybody who has it checked
 * out or is about to rebase it. A branch that is not there is made.
 */
export async function fastForward(
  repository: string,
  { branch, commit }: { readonly branch: string; readonly commit: string },
): Promise<ActionResult> {
  const how = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--no-prune'];
  const refspec = `${commit}:refs/heads/${branch}`;
  const args = ['-c', 'protocol.version=2', 'fetch', ...how, '--end-of-options', '.', refspec];
  const result = await runGit(repository, args, { timeoutMs: FETCH_MS, mayWrite: true });
  return result.ok ? { ok: true } : { ok: false, error: gitFailure(['fetch'], result).message };
}
