import { askGit } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';
import { isKnownGone } from './or-nothing.ts';

/** A work tree as its repository lists it, the repository's own checkout, or itself where it is bare, as the first. */
export interface ListedWorkTree {
  /** Absolute, with every symbolic link resolved that git knew of. */
  readonly path: string;
  readonly head: string | undefined;
  /** Without refs/heads/; undefined where none is checked out. */
  readonly branch: string | undefined;
  /** Why it is locked, which may be an empty text; undefined if it is not, or git is older than 2.31. */
  readonly locked: string | undefined;
}

export interface SeenWorkTree extends ListedWorkTree {
  /** Its folder is, or may be: git remembers one that is gone until it is pruned. */
  readonly isThere: boolean;
}

const LIST = ['worktree', 'list', '--porcelain'];
const LOOK = { timeoutMs: 60_000 } as const;

/** @throws MuxletError MUX_COMMAND_FAILED if the repository cannot be read */
export async function listWorkTrees(repository: string): Promise<readonly ListedWorkTree[]> {
  const { ok, stdout } = await runGit(repository, [...LIST, '-z'], LOOK);
  if (ok) return parse(stdout, '\0');
  // Git before 2.36 knows no -z here; a newline in a path is then one too many.
  return parse(await askGit(repository, LIST, LOOK), '\n');
}

/** The same, with a look at the folders. @throws MuxletError MUX_COMMAND_FAILED */
export async function seeWorkTrees(repository: string): Promise<readonly SeenWorkTree[]> {
  const listed = await listWorkTrees(repository);
  return Promise.all(listed.map(async (tree) => ({ ...tree, isThere: !(await isKnownGone(tree.path)) })));
}

function parse(text: string, end: string): ListedWorkTree[] {
  return text.split(`${end}${end}`).flatMap((block) => {
    const lines = block.split(end);
    const value = (name: string): string | undefined =>
      lines.find((line) => line === name || line.startsWith(`${name} `))?.slice(name.length + 1);
    const path = value('worktree');
    if (path === undefined) return [];
    const branch = value('branch')?.replace(/^refs\/heads\//, '');
    return [{ path, head: headOf(value('HEAD')), branch, locked: value('locked') }];
  });
}

/** Zeros where nothing is checked out yet. */
function headOf(head: string | undefined): string | undefined {
  return head === undefined || /^0+$/.test(head) ? undefined : head;
}
