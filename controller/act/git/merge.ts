import { FINISHER_EMAIL } from '../../api/finishing.ts';
import { askGit, gitFailure } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';

/** Nobody wrote a merge of ours: it bears our own name, and never the user's. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'muxlet',
  GIT_AUTHOR_EMAIL: FINISHER_EMAIL,
  GIT_COMMITTER_NAME: 'muxlet',
  GIT_COMMITTER_EMAIL: FINISHER_EMAIL,
  GIT_EDITOR: 'true',
};

/** What a person may have set for merges of their own: no key to sign with is asked for, nothing is learnt or put aside. */
const SETTINGS = ['commit.gpgSign=false', 'rerere.enabled=false', 'merge.autoStash=false'];

const MERGE_MS = 10 * 60_000;

/**
 * Merges a commit into what a work tree of ours has checked out, in a commit of its own. @returns undefined if that was
 * done, else what git said: a conflict, which is still in the tree then, or something worse
 */
export async function mergeCommit(
  tree: string,
  { commit, message }: { readonly commit: string; readonly message: string },
): Promise<Error | undefined> {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const how = [
    '--no-ff',
    '--no-edit',
    '--no-stat',
    '--no-log',
    '--no-verify',
    '--no-verify-signatures',
    '--no-signoff',
    '--quiet',
  ];
  const args = [...settings, 'merge', ...how, '-m', message, '--end-of-options', commit];
  const result = await runGit(tree, args, { timeoutMs: MERGE_MS, mayWrite: true, env: IDENTITY });
  return result.ok ? undefined : gitFailure(['merge'], result);
}

/** @throws MuxletError MUX_COMMAND_FAILED if there is nothing to abort, or it cannot be */
export async function abortMerge(tree: string): Promise<void> {
  await askGit(tree, ['merge', '--abort'], { timeoutMs: MERGE_MS, mayWrite: true });
}

/** What is checked out: after a merge, the merge. */
export function headOf(tree: string): Promise<string> {
  return askGit(tree, ['rev-parse', '--verify', 'HEAD'], { timeoutMs: 60_000 });
}
