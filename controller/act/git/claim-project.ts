import type { GitStep } from '../../api/git-verb.ts';
import { type ClaimMark, claimRef, encodeClaim } from '../../api/project-claim.ts';
import { runGit } from '../../exec/git.ts';
import { SHORT_MS, stepOf, writeGit } from './run.ts';

export interface ClaimRequest {
  readonly project: string;
  readonly mark: ClaimMark;
  /** What stands there and is to be replaced; undefined: nothing may stand there. */
  readonly from: string | undefined;
}

/** Writes down whose the project's branches are. Fails if somebody else has meanwhile. */
export async function claimProject(repository: string, { project, mark, from }: ClaimRequest): Promise<GitStep> {
  const options = { timeoutMs: SHORT_MS, mayWrite: true, input: encodeClaim(mark) } as const;
  const written = await runGit(repository, ['hash-object', '-w', '--stdin'], options);
  if (!written.ok) return stepOf(written, 'WorkTreeFailed');
  const before = from ?? '0'.repeat(written.stdout.length);
  return writeGit(repository, ['update-ref', claimRef(project), written.stdout, before]);
}
