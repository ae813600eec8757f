import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { runRemoteGit } from '../../exec/git.ts';
import type { GitAccess } from './credentials.ts';
import { fileStep, stepOf } from './run.ts';

/** A large repository over a slow line. */
const TIMEOUT_MS = 3_600_000;

/** A server from which nothing comes any more is given up long before; one that computes says so every few seconds. */
const STALL = ['-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=120'];

export interface CloneRequest {
  readonly url: string;
  readonly path: string;
  readonly access: GitAccess;
  /** Nobody waits for it any more. */
  readonly signal: AbortSignal;
}

/** Clones a repository without checking anything out. What is there after it is whole. */
export async function clone({ url, path, ...reach }: CloneRequest): Promise<GitStep> {
  if (existsSync(path)) return { ok: true };
  // One that was broken off is begun anew, and elsewhere: the git that was at it may not know that we are gone.
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  const room = await fileStep('RepositoryUnreachable', async () => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await removeBroken(path);
  });
  if (!room.ok) return room;
  const args = ['clone', '--no-checkout', '--quiet', '--origin', 'origin', '--', url, temporary];
  const cloned = await ask(dirname(path), args, reach);
  if (cloned.ok) return fileStep('RepositoryUnreachable', () => rename(temporary, path));
  // Git does so itself, unless it had to be killed.
  await rm(temporary, { recursive: true, force: true });
  return cloned;
}

/** Clones of ours that nobody has been told of, and that nobody can be at any more. */
async function removeBroken(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.part')) continue;
    const broken = join(dirname(path), name);
    const found = await stat(broken).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > 2 * TIMEOUT_MS)
      await rm(broken, { recursive: true, force: true });
  }
}

/** Brings what a clone of ours knows of the remote up to date; branches that went there go here as well. */
export async function fetchClone({ path, ...reach }: Omit<CloneRequest, 'url'>): Promise<GitStep> {
  // What was broken off while another one was at it, which has come to its end.
  await removeBroken(path);
  // By its name: in one that is broken git would else fetch into a repository around it.
  const own = `--git-dir=${join(path, '.git')}`;
  return ask(path, [own, 'fetch', '--quiet', '--prune', '--tags', '--no-recurse-submodules', '--', 'origin'], reach);
}

async function ask(
  directory: string,
  args: readonly string[],
  { access, signal }: Pick<CloneRequest, 'access' | 'signal'>,
): Promise<GitStep> {
  const options = { timeoutMs: TIMEOUT_MS, env: access.env, signal };
  const result = await runRemoteGit(directory, [...STALL, ...args], options);
  const step = stepOf(result, 'RepositoryUnreachable');
  return step.ok ? step : { ...step, message: access.redact(step.message) };
}
