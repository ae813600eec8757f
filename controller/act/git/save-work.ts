import { randomBytes } from 'node:crypto';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { runGit } from '../../exec/git.ts';
import { commitsUnderWay } from './commits-under-way.ts';
import { dropStaleLock } from './fill-work-tree.ts';
import { boundTo, SHORT_MS, stepOf, writeGit } from './run.ts';
import { createRef } from './take-base.ts';
import { unhide } from './unhide.ts';

export interface SaveRequest {
  readonly tree: string;
  /** Git's folder for the work tree. */
  readonly adminDir: string;
  /** The reference that is to hold what was saved. */
  readonly ref: string;
  readonly message: string;
}

export type Saved =
  | { readonly type: 'Saved'; readonly commit: string }
  /** It holds a repository of its own, of which a commit would keep nothing but the name. */
  | { readonly type: 'Inseparable'; readonly path: string }
  | { readonly type: 'Failed'; readonly step: Extract<GitStep, { readonly ok: false }> };

const LONG_MS = 600_000;

/** What git would warn of, or refuse, is of no concern to work that is to be kept. */
const ADD_ALL = ['-c', 'core.safecrlf=false', '-c', 'advice.addEmbeddedRepo=false', 'add', '--all', '--', ':/'];

/** So that a commit is possible where nobody has told git who they are. */
export const IDENTITY = {
  GIT_AUTHOR_NAME: 'muxlet',
  GIT_AUTHOR_EMAIL: 'muxlet@localhost',
  GIT_COMMITTER_NAME: 'muxlet',
  GIT_COMMITTER_EMAIL: 'muxlet@localhost',
};

/**
 * Saves what is uncommitted in a work tree, what git ignores aside, as a commit upon the one that is checked out. Further
 * parents of it are what was staged, if the files are not so any more, and what a merge or a rebase that is under way has
 * put aside. Works on an index of its own: the work tree's, its branch and its hooks are not touched.
 */
export async function saveWork({ tree, adminDir, ref, message }: SaveRequest): Promise<Saved> {
  const index = join(adminDir, `muxlet-index-${randomBytes(4).toString('hex')}`);
  const env = { ...boundTo(tree, adminDir), GIT_INDEX_FILE: index, ...IDENTITY };
  const run = (args: readonly string[], timeoutMs = SHORT_MS) => runGit(tree, args, { timeoutMs, env, mayWrite: true });
  const failed = (step: GitStep): Saved => {
    return step.ok
      ? { type: 'Failed', step: { ...step, ok: false, reason: 'WorkTreeFailed', message: '' } }
      : { type: 'Failed', step };
  };
  try {
    // Only to be quick: what is in it and unchanged is not read again.
    const hasIndex = await copyFile(join(adminDir, 'index'), index).then(
      () => true,
      () => false,
    );
    // A conflict makes no tree: what is in it stands in the files, and in commits.
    const staged = hasIndex ? await run(['write-tree']) : undefined;
    await unhide(tree, env);
    const added = await run(ADD_ALL, LONG_MS);
    if (!added.ok) return failed(stepOf(added, 'WorkTreeFailed'));
    const inner = await run(['diff', '--cached', '--raw', '-z', '--no-renames', '--no-abbrev', 'HEAD']);
    const inseparable = inner.ok ? innerRepository(inner.stdout) : undefined;
    if (inseparable !== undefined) return { type: 'Inseparable', path: inseparable };
    const written = await run(['write-tree']);
    if (!written.ok) return failed(stepOf(written, 'WorkTreeFailed'));
    const head = await run(['rev-parse', '--verify', '--quiet', 'HEAD']);
    const parents = new Set(head.ok ? [head.stdout] : []);
    const commitTree = (tree: string, text: string) => {
      const of = [...parents].flatMap((parent) => ['-p', parent]);
      return run(['commit-tree', '--no-gpg-sign', tree, ...of, '-m', text]);
    };
    const last = await run(['rev-parse', '--verify', '--quiet', 'HEAD^{tree}']);
    if (staged?.ok === true && staged.stdout !== written.stdout && staged.stdout !== last.stdout) {
      const step = await commitTree(staged.stdout, `${message}: what was staged`);
      if (!step.ok) return failed(stepOf(step, 'WorkTreeFailed'));
      parents.add(step.stdout);
    }
    for (const one of await commitsUnderWay(adminDir)) parents.add(one);
    const commit = await commitTree(written.stdout, message);
    if (!commit.ok) return failed(stepOf(commit, 'WorkTreeFailed'));
    const kept = await createRef(adminDir, ref, commit.stdout);
    return kept.ok ? { type: 'Saved', commit: commit.stdout } : failed(kept);
  } finally {
    await rm(index, { force: true });
  }
}

/** The first path at which a repository (mode 160000) is new or differs. */
function innerRepository(printed: string): string | undefined {
  const fields = printed.split('\0');
  const at = fields.findIndex((field) => /^:\d{6} 160000 /.test(field));
  return at === -1 ? undefined : fields[at + 1];
}

/** Whether a saved commit holds what is in the work tree at this moment. */
export async function isStillSaved(request: Omit<SaveRequest, 'ref' | 'message'>, commit: string): Promise<boolean> {
  const { tree, adminDir } = request;
  const index = join(adminDir, `muxlet-index-${randomBytes(4).toString('hex')}`);
  const env = { ...boundTo(tree, adminDir), GIT_INDEX_FILE: index };
  try {
    await copyFile(join(adminDir, 'index'), index).catch(() => undefined);
    await unhide(tree, env);
    const added = await runGit(tree, ADD_ALL, { timeoutMs: LONG_MS, env, mayWrite: true });
    if (!added.ok) return false;
    const same = await runGit(tree, ['diff', '--cached', '--quiet', commit], { timeoutMs: SHORT_MS, env });
    return same.ok;
  } finally {
    await rm(index, { force: true });
  }
}

/** Takes out of a work tree what is uncommitted, what git ignores aside; a repository within it stays. For one in which nobody is at work. */
export async function cleanWorkTree(tree: string, adminDir: string): Promise<GitStep> {
  await dropStaleLock(adminDir);
  const options = { timeoutMs: LONG_MS, env: boundTo(tree, adminDir) };
  const reset = await writeGit(tree, ['reset', '--hard', '--quiet'], options);
  if (!reset.ok) return reset;
  return writeGit(tree, ['clean', '-d', '-f', '--quiet'], options);
}
