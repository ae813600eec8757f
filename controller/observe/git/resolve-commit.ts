import { commitOf } from './ancestry.ts';

/**
 * The commit that a ref stands for: of a clone of ours, what the remote has under that name, since branches of its own
 * are nobody's.
 *
 * @returns undefined if there is none
 * @throws MuxletError MUX_COMMAND_FAILED if git could not say: the next name would be another commit
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
    const commit = await commitOf(repository, one);
    if (commit !== undefined) return commit;
  }
  return undefined;
}
