import { askGit } from '../../exec/ask-git.ts';

/** Whether the repository knows a remote by this name. */
export async function hasRemote(repository: string, name: string): Promise<boolean> {
  const text = await askGit(repository, ['remote'], { timeoutMs: 60_000 });
  return text.split('\n').includes(name);
}

/** Where git pushes to under that name, after what its user's settings make of it. @throws MuxletError MUX_COMMAND_FAILED */
export function pushUrlOf(repository: string, name: string): Promise<string> {
  return askGit(repository, ['remote', 'get-url', '--push', '--', name], { timeoutMs: 60_000 });
}
