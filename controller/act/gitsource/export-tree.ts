import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RevisionFile } from '../../api/git-revision.ts';
import type { Problem } from '../../api/problem.ts';
import { placeInSource } from '../../api/source-path.ts';
import type { Git, GitResult } from './git.ts';
import { isRegular, parseEntry, type TreeEntry } from './tree-entry.ts';
import { type Base, writeTree } from './write-tree.ts';

export interface ExportRequest {
  readonly name: string;
  readonly commit: string;
  /** Without './' and a slash at the end; '' is the whole repository. */
  readonly path: string;
  /** The answer of `listTree`. */
  readonly listed: GitResult;
  readonly base: Base | undefined;
  /** The bare clone. */
  readonly mirror: string;
  /** Where the revisions are, and the name of this one's folder. */
  readonly revisions: string;
  readonly folder: string;
}

export type Exported =
  | { readonly type: 'Exported'; readonly files: readonly RevisionFile[] }
  | { readonly type: 'PathMissing' }
  | { readonly type: 'TooLarge'; readonly message: string }
  | { readonly type: 'Unfit'; readonly problems: readonly Problem[] }
  | { readonly type: 'NotSeen'; readonly result: Exclude<GitResult, { readonly type: 'Done' }> };

const MAX_FILES = 20_000;
const MAX_BYTES = 128 * 1024 * 1024;
const MAX_SPEC_BYTES = 1024 * 1024;
const SPEC_FILE = /\.(ya?ml|json)$/i;

/**
 * Puts the regular files of a commit's folder into a folder of their own, which is there as a whole or not at all.
 * Links and submodules are left out: nothing in it leads out of it.
 */
export async function exportTree(git: Git, request: ExportRequest): Promise<Exported> {
  const { revisions, folder, listed } = request;
  // The commit is there: what can be wrong is the path alone.
  if (listed.type === 'Failed') return { type: 'PathMissing' };
  if (listed.type !== 'Done') return { type: 'NotSeen', result: listed };
  const entries = listed.stdout.split('\0').flatMap(parseEntry);
  const regular = entries.filter(isRegular);
  const bytes = regular.reduce((sum, { size }) => sum + size, 0);
  if (regular.length > MAX_FILES || bytes > MAX_BYTES) {
    const limits = `${MAX_FILES} files and ${MAX_BYTES / 1024 / 1024} MiB at most`;
    return { type: 'TooLarge', message: `${regular.length} files of ${bytes} bytes: ${limits}` };
  }
  const problems = entries.flatMap((entry) => unfit(entry, request));
  if (problems.length > 0) return { type: 'Unfit', problems };
  const files = regular.filter(isSpecFile).map((entry) => ({ path: entry.path, oid: entry.oid }));
  const target = join(revisions, folder);
  if (await isFolder(target)) return { type: 'Exported', files };
  await writeAsCommitted(request.mirror);
  const failed = await writeTree(git, {
    tree: `${request.commit}:${request.path}`,
    entries,
    base: request.base,
    target,
    temporary: join(revisions, `.${folder}.tmp`),
  });
  return failed === undefined ? { type: 'Exported', files } : { type: 'NotSeen', result: failed };
}

/**
 * Line ends, encodings and keywords are those of the commit, whatever its .gitattributes say: so that a file can be
 * told from one that was spoilt. This file of a clone goes before all others (gitattributes(5)).
 */
async function writeAsCommitted(mirror: string): Promise<void> {
  await mkdir(join(mirror, 'info'), { recursive: true, mode: 0o700 });
  await writeFile(join(mirror, 'info', 'attributes'), '* -text !eol -ident -filter !working-tree-encoding\n');
}

/** Hidden ones are passed over, as in specs/. */
function isSpecFile({ path }: TreeEntry): boolean {
  return SPEC_FILE.test(path) && path.split('/').every((part) => !part.startsWith('.'));
}

function unfit(entry: TreeEntry, { name, commit }: ExportRequest): Problem[] {
  if (!isSpecFile(entry)) return [];
  const file = placeInSource({ name, path: entry.path }, commit);
  if (entry.mode === '120000') {
    const message = 'symbolic links in a repository are not followed';
    return [{ code: 'SymlinkOutside', severity: 'Error', file, message, hint: 'commit the file itself' }];
  }
  if (isRegular(entry) && entry.size > MAX_SPEC_BYTES) {
    const message = 'larger than 1 MiB; it was not read';
    return [{ code: 'FileTooLarge', severity: 'Error', file, message, hint: 'split it into several files' }];
  }
  return [];
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
