import { maxSatisfying, parse, validRange } from 'semver';
import type { GitRef } from '../../api/generated/all.ts';
import { followedName } from '../../api/git-revision.ts';
import type { Git, GitResult } from './git.ts';

/** What is to be fetched, and how it is called. */
export type Resolved =
  | { readonly type: 'Ref'; readonly name: string; readonly remote: string; readonly isTag: boolean }
  | { readonly type: 'NoMatch'; readonly message: string }
  | { readonly type: 'NotSeen'; readonly result: Exclude<GitResult, { readonly type: 'Done' }> };

/** Only a range needs the repository to be asked first. */
export async function resolve(git: Git, url: string, ref: GitRef | undefined): Promise<Resolved> {
  const name = followedName(ref);
  if (ref?.branch !== undefined) return { type: 'Ref', name, remote: `refs/heads/${ref.branch}`, isTag: false };
  if (ref?.tag !== undefined) return { type: 'Ref', name, remote: `refs/tags/${ref.tag}`, isTag: true };
  if (ref?.commit !== undefined) return { type: 'Ref', name, remote: ref.commit, isTag: false };
  if (ref?.semver === undefined) return { type: 'Ref', name, remote: 'HEAD', isTag: false };
  if (validRange(ref.semver) === null) {
    return { type: 'NoMatch', message: `"${ref.semver}" is no range of semantic versions` };
  }
  const result = await git.run(['ls-remote', '--quiet', '--refs', '--tags', '--', url]);
  if (result.type !== 'Done') return { type: 'NotSeen', result };
  const tags = [...result.stdout.matchAll(/^[0-9a-f]+\trefs\/tags\/(.+)$/gm)].map(([, tag = '']) => tag);
  const tag = newestTag(tags, ref.semver);
  if (tag === undefined) return { type: 'NoMatch', message: noMatch(tags.length, ref.semver) };
  return { type: 'Ref', name: tag, remote: `refs/tags/${tag}`, isTag: true };
}

/** Pre-releases count only where the range names one. Of two tags of one version (1.0.0, v1.0.0) the one with the v. */
export function newestTag(tags: readonly string[], range: string): string | undefined {
  const versions = tags.toSorted().filter((tag) => parse(tag) !== null);
  return maxSatisfying(versions.toReversed(), range) ?? undefined;
}

function noMatch(tags: number, range: string): string {
  return tags === 0 ? 'the repository has no tags' : `none of the ${tags} tags is a version within "${range}"`;
}
