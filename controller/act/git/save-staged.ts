import { randomBytes } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { runGit } from '../../exec/git.ts';
import { SHORT_MS, stepOf } from './run.ts';
import { IDENTITY, type Saved } from './save-work.ts';
import { createRef } from './take-base.ts';

export interface SaveStagedRequest {
  readonly repository: string;
  /** Git's folder for the work tree. */
  readonly adminDir: string;
  /** What is checked out there; undefined: no commit yet. */
  readonly head: string | undefined;
  readonly ref: string;
  readonly message: string;
}

/**
 * Saves what was staged in a work tree whose folder is gone: it is all that is left of what was not committed.
 *
 * @returns Nothing, where what was staged is what is checked out
 */
export async function saveStaged(
  request: SaveStagedRequest,
): Promise<Exclude<Saved, { readonly type: 'Inseparable' }> | { readonly type: 'Nothing' }> {
  const { repository, adminDir, head, ref, message } = request;
  const index = join(adminDir, `muxlet-index-${randomBytes(4).toString('hex')}`);
  const run = (...args: readonly string[]) =>
    runGit(repository, args, { timeoutMs: SHORT_MS, env: { GIT_INDEX_FILE: index, ...IDENTITY }, mayWrite: true });
  const failed = (step: GitStep) =>
    ({ type: 'Failed', step: { reason: 'WorkTreeFailed', message: '', ...step, ok: false } }) as const;
  try {
    await copyFile(join(adminDir, 'index'), index);
    const written = await run('write-tree');
    if (!written.ok) return failed(stepOf(written, 'WorkTreeFailed'));
    const last = head === undefined ? undefined : await run('rev-parse', '--verify', `${head}^{tree}`);
    if (last?.ok === false) return failed(stepOf(last, 'WorkTreeFailed'));
    if (last?.stdout === written.stdout) return { type: 'Nothing' };
    const parents = head === undefined ? [] : ['-p', head];
    const commit = await run('commit-tree', '--no-gpg-sign', written.stdout, ...parents, '-m', message);
    if (!commit.ok) return failed(stepOf(commit, 'WorkTreeFailed'));
    const kept = await createRef(repository, ref, commit.stdout);
    return kept.ok ? { type: 'Saved', commit: commit.stdout } : failed(kept);
  } finally {
    await rm(index, { force: true });
  }
}
