import type { Git } from './git.ts';

export interface Verification {
  readonly mode: 'Commit' | 'Tag';
  /** Absolute. */
  readonly allowedSigners: string;
}

export type Verified =
  | { readonly type: 'Signed'; readonly signer: string }
  /** For a person. */
  | { readonly type: 'NotSigned'; readonly message: string };

export interface SignedThing {
  /** What was fetched: a commit, or a tag. */
  readonly oid: string;
  readonly commit: string;
  /** Name of the tag that was followed, if one was. */
  readonly tag: string | undefined;
}

/** Whether somebody signed it who is allowed to. */
export async function verify(git: Git, { mode, allowedSigners }: Verification, thing: SignedThing): Promise<Verified> {
  const signers = ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`];
  if (mode === 'Commit') return judge(await git.run([...signers, 'verify-commit', thing.commit]), 'the commit');
  if (thing.tag === undefined) {
    return { type: 'NotSigned', message: 'verify.mode is Tag, and ref names neither a tag nor a semver range' };
  }
  const described = await git.run(['cat-file', 'tag', thing.oid]);
  if (described.type !== 'Done') {
    return { type: 'NotSigned', message: `the tag ${thing.tag} is a mere name, without a signature of its own` };
  }
  // A signature of another tag is none of this one: whoever can write refs could show an old one under a new name.
  const own = /^tag (.+)$/m.exec(described.stdout)?.[1];
  if (own !== thing.tag)
    return { type: 'NotSigned', message: `the tag ${thing.tag} was signed as ${own ?? 'another'}` };
  return judge(await git.run([...signers, 'verify-tag', thing.oid]), `the tag ${thing.tag}`);
}

function judge(result: Awaited<ReturnType<Git['run']>>, what: string): Verified {
  if (result.type === 'Done') {
    const signer = /^Good "git" signature for (.+) with \S+ key /m.exec(result.stderr)?.[1];
    if (signer !== undefined) return { type: 'Signed', signer };
  }
  const why = result.type === 'Failed' && result.message !== 'git said nothing' ? `: ${result.message}` : '';
  return { type: 'NotSigned', message: `${what} is not signed by anybody who is allowed to${why}` };
}
