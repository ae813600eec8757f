import { askGit } from '../../exec/ask-git.ts';

/** The files in which a merge that is under way in a work tree met a conflict, in the order of their names. */
export async function unmergedFiles(tree: string): Promise<readonly string[]> {
  const text = await askGit(tree, ['ls-files', '--unmerged', '-z', '--full-name', '--', ':/'], { timeoutMs: 60_000 });
  // MODE OBJECT STAGE <tab> PATH, once for each stage
  const paths = text.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(line.indexOf('\t') + 1)]));
  return [...new Set(paths)].sort();
}
