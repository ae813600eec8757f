import { runGit } from '../../exec/git.ts';

/**
 * The commit that a ref stands for: of a clone of ours, what the remote has under that name, since branches of its own
 * are nobody's.
 *
 * @returns undefined if there is none
 */
export async function resolveCommit(
  repository: string,
  ref: string | undefined,
  { isClone }: { readonly isClone: boolean },
): Promise<string | undefined> {
  const name = ref ?? 'HEAD';
  const names = isClone
    ? [`refs/remotes/origin/${name}`, `refs/tags/${name}`, ...(ref === undefined ? [] : [name])]
    : [name];
  for (const one of names) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${one}^{commit}`];
    const result = await runGit(repository, args, { timeoutMs: 30_000 });
    if (result.ok) return result.stdout;
  }
  return undefined;
}
