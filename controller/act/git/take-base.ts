import type { GitStep } from '../../api/git-verb.ts';
import { writeGit } from './run.ts';

const NOTHING = '0000000000000000000000000000000000000000';

/** Writes down what a project's work begins from. Fails if that is written down already. */
export function takeBase(repository: string, project: string, commit: string): Promise<GitStep> {
  return createRef(repository, `refs/muxlet/base/${project}`, commit);
}

/** Makes a reference that is not there yet: one that is there is never moved. */
export function createRef(repository: string, ref: string, commit: string): Promise<GitStep> {
  // The number of zeros is the hash's length.
  const nothing = NOTHING.padEnd(commit.length, '0');
  return writeGit(repository, ['update-ref', ref, commit, nothing], { reason: 'WorkTreeFailed' });
}
