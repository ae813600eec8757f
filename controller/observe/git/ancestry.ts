import { askGit, gitAgrees, gitFailure } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';

/** It reads what is on this machine. */
const LOOK = { timeoutMs: 60_000 } as const;

/** The commit that a name stands for; undefined if there is nothing of that name, or no commit behind it. */
export async function commitOf(repository: string, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const result = await runGit(repository, args, LOOK);
  if (result.ok) return result.stdout;
  if (result.exitCode === 1) return undefined;
  throw gitFailure(args, result);
}

/** Whether everything of the one is in the other; a commit is in itself. */
export function isAncestor(repository: string, commit: string, of: string): Promise<boolean> {
  return gitAgrees(repository, ['merge-base', '--is-ancestor', commit, of], LOOK);
}

/** Whether two commits have a beginning in common. */
export function areRelated(repository: string, one: string, other: string): Promise<boolean> {
  return gitAgrees(repository, ['merge-base', one, other], LOOK);
}

/** Of several commits those that are in none of the others. */
export async function independentOf(repository: string, commits: readonly string[]): Promise<ReadonlySet<string>> {
  if (commits.length < 2) return new Set(commits);
  const text = await askGit(repository, ['merge-base', '--independent', ...commits], LOOK);
  return new Set(text.split('\n'));
}

/** A commit on the way that a branch itself went: what it merged came in as a parent beyond the first. */
export interface Step {
  readonly commit: string;
  /** The committer's. */
  readonly email: string;
  readonly merged: readonly string[];
}

/** The steps of a branch since it left another one, the newest first. */
export async function stepsSince(repository: string, base: string, tip: string): Promise<readonly Step[]> {
  const args = ['log', '-z', '--first-parent', '--format=%H%x09%ce%x09%P', `${base}..${tip}`, '--'];
  const text = await askGit(repository, args, LOOK);
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', email = '', parents = ''] = line.split('\t');
      return { commit, email, merged: parents.split(' ').slice(1) };
    });
}

/** References below a prefix whose commits are in another one, by their names in order. */
export async function refsWithin(
  repository: string,
  prefix: string,
  commit: string,
): Promise<readonly { readonly ref: string; readonly commit: string }[]> {
  const args = ['for-each-ref', `--merged=${commit}`, '--format=%(refname) %(objectname)', prefix];
  const text = await askGit(repository, args, LOOK);
  return text.split('\n').flatMap((line) => {
    const [ref = '', at = ''] = line.split(' ');
    return ref === '' ? [] : [{ ref, commit: at }];
  });
}
