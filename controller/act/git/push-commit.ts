import { gitFailure } from '../../exec/ask-git.ts';
import { runRemoteGit } from '../../exec/git.ts';
import type { GitAccess } from './credentials.ts';

const PUSH_MS = 5 * 60_000;

export interface PushRequest {
  readonly remote: string;
  readonly branch: string;
  readonly commit: string;
}

/**
 * Pushes a commit to a branch of a remote, without force: what is not a fast-forward there is refused. One that is there
 * already is no error. With the signal it is ended; what the remote has taken by then stays there.
 *
 * @throws MuxletError MUX_COMMAND_FAILED with what git or the remote said
 */
export async function pushCommit(
  repository: string,
  { remote, branch, commit }: PushRequest,
  access: GitAccess,
  signal: AbortSignal,
): Promise<void> {
  const how = ['--porcelain', '--no-verify', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'];
  const args = ['push', ...how, '--end-of-options', remote, `${commit}:refs/heads/${branch}`];
  const result = await runRemoteGit(repository, args, { timeoutMs: PUSH_MS, env: access.env, signal });
  if (result.ok) return;
  // FLAG <tab> FROM:TO <tab> SUMMARY: the reason stands here, and advice that fits nobody on the standard error.
  const refusal = result.stdout
    .split('\n')
    .find((line) => line.startsWith('!'))
    ?.split('\t')[2];
  const said = access.redact([refusal, result.stderr].filter((text) => text !== undefined).join('; '));
  throw gitFailure(['push'], { ...result, stderr: said });
}
