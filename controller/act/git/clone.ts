import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import type { GitAccess } from './credentials.ts';
import { fileStep, writeGit } from './run.ts';

/** A large repository over a slow line. */
const TIMEOUT_MS = 3_600_000;

export interface CloneRequest {
  readonly url: string;
  readonly path: string;
  readonly access: GitAccess;
}

/** Clones a repository without checking anything out. What is there after it is whole. */
export async function clone({ url, path, access }: CloneRequest): Promise<GitStep> {
  if (existsSync(path)) return { ok: true };
  // One that was broken off is begun anew: nobody has been told of it.
  const temporary = `${path}.part`;
  const room = await fileStep('RepositoryUnreachable', async () => {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  });
  if (!room.ok) return room;
  const args = [...access.settings, 'clone', '--no-checkout', '--quiet', '--origin', 'origin', '--', url, temporary];
  const cloned = await writeGit(dirname(path), args, {
    reason: 'RepositoryUnreachable',
    timeoutMs: TIMEOUT_MS,
    env: access.env,
  });
  if (!cloned.ok) return { ...cloned, message: access.redact(cloned.message) };
  return fileStep('RepositoryUnreachable', () => rename(temporary, path));
}

/** Brings what a clone of ours knows of the remote up to date; branches that went there go here as well. */
export async function fetchClone({ path, access }: Omit<CloneRequest, 'url'>): Promise<GitStep> {
  const args = [...access.settings, 'fetch', '--quiet', '--prune', '--tags', '--no-recurse-submodules', '--', 'origin'];
  const fetched = await writeGit(path, args, {
    reason: 'RepositoryUnreachable',
    timeoutMs: TIMEOUT_MS,
    env: access.env,
  });
  return fetched.ok ? fetched : { ...fetched, message: access.redact(fetched.message) };
}
