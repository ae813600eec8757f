/** What looking after work trees needs of the eyes, in its own words. */
import type { Look } from '../../api/look.ts';
import type { GitBase, GitFacts } from '../../api/workspace.ts';

export interface WorkTreeEye {
  /** Differs from an earlier one if git has done something there since; undefined: nothing there answers. Never rejects. */
  mark(): Promise<string | undefined>;
  /** Never rejects. `base` undefined: HEAD as it is now. */
  look(base: GitBase | undefined): Promise<Look<GitFacts>>;
  /** A hint, which may come late or never; undefined: no more can be watched. */
  watch(changed: () => void): Promise<(() => void) | undefined>;
}

/**
 * Undefined: the directory lies in no work tree of git, or not in the one whose top is named.
 *
 * @throws where that could not be looked at
 */
export type OpenWorkTree = (directory: string, top: string | undefined) => Promise<WorkTreeEye | undefined>;

/** In the words of the metrics. */
export function resultOf(look: Look<GitFacts>): 'success' | 'error' | 'timeout' {
  if (look.state === 'Known') return 'success';
  return look.reason === 'GitTimeout' ? 'timeout' : 'error';
}
