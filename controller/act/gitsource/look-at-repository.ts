/**
 * The hands that fetch: from a spec to a folder with the files of one commit, and nothing else. They touch only what
 * stands below the source's own folder, believe no configuration but ours, and decide nothing: whether a revision is
 * taken is for whoever asked.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRef } from '../../api/generated/all.ts';
import { type ExportedRevision, type LookOutcome, revisionName } from '../../api/git-revision.ts';
import { toldAddress } from '../../api/told-address.ts';
import { authorised, type Credentials } from './environment.ts';
import { type Exported, exportTree } from './export-tree.ts';
import { createGit, type Git, type GitResult } from './git.ts';
import { type Resolved, resolve } from './resolve.ts';
import { listTree } from './tree-entry.ts';
import { type Verification, verify } from './verify.ts';
import type { Base } from './write-tree.ts';

export interface RepositoryRequest {
  readonly name: string;
  /** A path is absolute. */
  readonly url: string;
  readonly ref?: GitRef;
  /** As written. */
  readonly path: string;
  readonly timeoutMs: number;
  readonly credentials?: Credentials;
  readonly verify?: Verification;
  /** Absolute folders of the source, below one that is its own. */
  readonly root: string;
  readonly mirror: string;
  readonly revisions: string;
  /** What is in force. */
  readonly current?: Pick<ExportedRevision, 'commit' | 'path' | 'folder'>;
}

export interface RepositoryDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly steady: () => number;
  readonly signal: AbortSignal;
}

export type RepositoryLook =
  | { readonly type: 'Exported'; readonly exported: ExportedRevision }
  | Exclude<LookOutcome, { readonly type: 'Taken' }>;

const FETCHED = 'refs/muxlet/fetched';

/** Rejects only if a system call on our own folders fails. */
export async function lookAtRepository(request: RepositoryRequest, deps: RepositoryDeps): Promise<RepositoryLook> {
  const { root, mirror, timeoutMs } = request;
  let env: Record<string, string>;
  try {
    env = await authorised(deps.env, { url: request.url, credentials: request.credentials });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { type: 'Failed', reason: 'CredentialsUnreadable', message };
  }
  await mkdir(root, { recursive: true, mode: 0o700 });
  const git = createGit({ mirror, cwd: root, env, timeoutMs, signal: deps.signal, steady: deps.steady });
  const resolved = await resolve(git, request.url, request.ref);
  if (resolved.type === 'NoMatch') return { type: 'Failed', reason: 'RefMissing', message: resolved.message };
  if (resolved.type === 'NotSeen') return failed(resolved.result, request);
  const missed = await fetchInto(git, resolved, request);
  if (missed !== undefined) return failed(missed, request);
  const found = await examine(git, resolved, request);
  // What was fetched cannot be read: the next look begins with a clone that is whole.
  if (found.type === 'Failed') await rm(mirror, { recursive: true, force: true });
  return found;
}

type Unseen = Exclude<GitResult, { readonly type: 'Done' }>;
type Ref = Extract<Resolved, { readonly type: 'Ref' }>;

/**
 * The clone holds nothing that cannot be had again. One that a killed fetch or a full disk left behind may be broken in
 * ways that look like the repository's fault, so that whatever fails with an old one is tried once more with a new one.
 */
async function fetchInto(git: Git, ref: Ref, request: RepositoryRequest): Promise<Unseen | undefined> {
  const { mirror } = request;
  const isOld = await exists(mirror);
  if (isOld && (await isThere(git, ref.remote))) return undefined;
  const first = await tryFetch(git, ref, request);
  if (first === undefined) return undefined;
  await rm(mirror, { recursive: true, force: true });
  if (!isOld || first.type !== 'Failed') return first;
  const second = await tryFetch(git, ref, request);
  if (second !== undefined) await rm(mirror, { recursive: true, force: true });
  return second;
}

async function tryFetch(git: Git, { remote }: Ref, { mirror, url }: RepositoryRequest): Promise<Unseen | undefined> {
  if (!(await exists(mirror))) {
    const made = await git.run(['init', '--quiet', '--bare', '--template=', mirror]);
    if (made.type !== 'Done') return made;
  }
  // Of no history more than the one commit: what it holds is all that counts.
  const flags = [
    '--quiet',
    '--depth=1',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--update-shallow',
  ];
  const fetched = await git.run(['fetch', ...flags, '--', url, `+${remote}:${FETCHED}`]);
  return fetched.type === 'Done' ? undefined : fetched;
}

/** A commit by its id is what it is: once it is here, nobody need be asked for it. */
async function isThere(git: Git, remote: string): Promise<boolean> {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(remote)) return false;
  const known = await git.run(['cat-file', '-e', `${remote}^{tree}`]);
  return known.type === 'Done' && (await git.run(['update-ref', FETCHED, remote])).type === 'Done';
}

async function examine(git: Git, { name, isTag }: Ref, request: RepositoryRequest): Promise<RepositoryLook> {
  const path = cleanPath(request.path);
  const [both, listed, base] = await Promise.all([
    git.run(['rev-parse', FETCHED, `${FETCHED}^{commit}`]),
    listTree(git, `${FETCHED}^{commit}`, path),
    baseOf(git, path, request),
  ]);
  if (both.type !== 'Done') return failed(both, request);
  const [oid = '', commit = ''] = both.stdout.trim().split('\n');
  const revision = revisionName(name, commit);
  let signer: string | undefined;
  if (request.verify !== undefined) {
    const verified = await verify(git, request.verify, { oid, commit, tag: isTag ? name : undefined });
    if (verified.type === 'NotSigned') {
      return { type: 'Refused', reason: 'NotSigned', message: verified.message, revision, problems: [] };
    }
    ({ signer } = verified);
  }
  const folder = `${commit}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
  const { revisions, mirror } = request;
  const exported = await exportTree(git, { name: request.name, commit, path, listed, base, mirror, revisions, folder });
  if (exported.type !== 'Exported') return notExported(exported, { revision, request });
  const { files } = exported;
  return {
    type: 'Exported',
    exported: { revision, commit, path, url: request.url, folder, files, ...(signer !== undefined && { signer }) },
  };
}

/** What is in force, if it is of the same folder: most of what was fetched is probably the same. */
async function baseOf(git: Git, path: string, { current, revisions }: RepositoryRequest): Promise<Base | undefined> {
  if (current === undefined || current.path !== path) return undefined;
  const trees = [`${current.commit}:${path}`, `${FETCHED}^{commit}:${path}`];
  const differs = await git.run(['diff-tree', '-r', '-z', '--no-renames', ...trees]);
  return { folder: join(revisions, current.folder), differs };
}

function notExported(
  exported: Exclude<Exported, { readonly type: 'Exported' }>,
  { revision, request }: { readonly revision: string; readonly request: RepositoryRequest },
): RepositoryLook {
  const refused = { type: 'Refused', revision } as const;
  switch (exported.type) {
    case 'PathMissing':
      return { ...refused, reason: 'PathMissing', message: `there is no folder ${request.path} in it`, problems: [] };
    case 'TooLarge':
      return { ...refused, reason: 'RevisionTooLarge', message: exported.message, problems: [] };
    case 'Unfit': {
      const [first] = exported.problems;
      const message = `${first?.file ?? ''}: ${first?.message ?? ''}`;
      return { ...refused, reason: 'RevisionInvalid', message, problems: exported.problems };
    }
    case 'NotSeen':
      return failed(exported.result, request);
  }
}

function failed(result: Unseen, { url: written, timeoutMs }: RepositoryRequest): RepositoryLook {
  const url = toldAddress(written);
  switch (result.type) {
    case 'Missing':
      return { type: 'Failed', reason: 'ProgramMissing', message: 'git is not installed, or not in PATH' };
    case 'TimedOut':
      return { type: 'Failed', reason: 'FetchTimedOut', message: `${url} did not answer within ${timeoutMs / 1000} s` };
    case 'Aborted':
      return { type: 'Failed', reason: 'FetchFailed', message: 'the look was broken off' };
    case 'Cut':
      return { type: 'Failed', reason: 'FetchFailed', message: `${url}: not all that git said of it could be read` };
    case 'Failed':
      return { type: 'Failed', reason: 'FetchFailed', message: `${url}: ${result.message}` };
  }
}

/** Frees what no revision needs any more, now and then; costs next to nothing where there is nothing to do. */
export async function tidyMirror(request: RepositoryRequest, { env, steady, signal }: RepositoryDeps): Promise<void> {
  const { mirror, root: cwd, timeoutMs } = request;
  const own = await authorised(env, { url: request.url, credentials: undefined });
  const git = createGit({ mirror, cwd, env: own, timeoutMs, signal, steady });
  const settings = ['gc.auto=500', 'gc.autoPackLimit=40', 'gc.autoDetach=false', 'gc.pruneExpire=now'];
  await git.run([...settings.flatMap((setting) => ['-c', setting]), 'gc', '--auto', '--quiet']);
}

/** `./specs/` is `specs`, and `.` is the whole. */
function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
