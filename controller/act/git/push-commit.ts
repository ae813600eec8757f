import { gitFailure } from '../../exec/ask-git.ts';
import { type GitOptions, runGit } from '../../exec/git.ts';

const PUSH_MS = 5 * 60_000;

/**
 * Pushes a commit to a branch of a remote, without force: what is not a fast-forward there is refused. One that is there
 * already is no error.
 *
 * @throws MuxletError MUX_COMMAND_FAILED with what git or the remote said
 */
export async function pushCommit(
  repository: string,
  { remote, branch, commit }: { readonly remote: string; readonly branch: string; readonly commit: string },
  env: NonNullable<GitOptions['env']>,
): Promise<void> {
  const how = ['--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
  const args = ['push', ...how, '--end-of-options', remote, `${commit}:refs/heads/${branch}`];
  const result = await runGit(repository, args, { timeoutMs: PUSH_MS, mayWrite: true, env });
  if (result.ok) return;
  // FLAG <tab> FROM:TO <tab> SUMMARY: the reason stands here, and advice that fits nobody on the standard error.
  const refusal = result.stdout
    .split('\n')
    .find((line) => line.startsWith('!'))
    ?.split('\t')[2];
  throw gitFailure(['push'], refusal === undefined ? result : { ...result, stderr: `${refusal}; ${result.stderr}` });
}
