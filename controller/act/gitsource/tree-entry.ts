import type { Git, GitResult } from './git.ts';

/** A file, link or submodule of a tree, as `git ls-tree -l` tells of it. */
export interface TreeEntry {
  readonly mode: string;
  readonly oid: string;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  readonly path: string;
}

/** A line of the answer of `listTree`; none for what is no such line. */
export function parseEntry(line: string): TreeEntry[] {
  const [, mode = '', oid = '', size = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(line) ?? [];
  return mode === '' ? [] : [{ mode, oid, size: Number(size) || 0, path }];
}

export function isRegular({ mode }: TreeEntry): boolean {
  return mode.startsWith('100');
}

/** Asks for what is in a folder of a commit; it may be asked before the commit is known by its id. */
export function listTree(git: Git, commit: string, path: string): Promise<GitResult> {
  return git.run(['ls-tree', '-r', '-l', '-z', `${commit}:${path}`]);
}
