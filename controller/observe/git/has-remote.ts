import { askGit } from '../../exec/ask-git.ts';

/** Whether the repository knows a remote by this name. */
export async function hasRemote(repository: string, name: string): Promise<boolean> {
  const text = await askGit(repository, ['remote'], { timeoutMs: 60_000 });
  return text.split('\n').includes(name);
}
