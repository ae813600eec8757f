import type { Look } from '../../api/look.ts';
import type { GitBase, GitFacts } from '../../api/workspace.ts';
import { findWorkTree } from './find-work-tree.ts';
import { type History, lookAtWorkTree } from './look-at-work-tree.ts';
import { treeMark } from './tree-mark.ts';
import { createWorkTreeWatcher } from './watch-work-tree.ts';

/** One work tree that is looked at again and again. */
export interface WorkTree {
  /** Differs from an earlier one if git has done something in the work tree since; never rejects. */
  mark(): Promise<string>;
  /** Never rejects. `base`: see `lookAtWorkTree`. */
  look(base: GitBase | undefined): Promise<Look<GitFacts>>;
  /** See `WorkTreeWatcher`. */
  watch(changed: () => void): Promise<(() => void) | undefined>;
}

export interface GitEyes {
  /**
   * Undefined: the directory lies in no work tree of git, or not in the one whose top is named.
   *
   * @throws where that could not be looked at
   */
  open(directory: string, top: string | undefined): Promise<WorkTree | undefined>;
  close(): void;
}

export function createGitEyes(now: () => number): GitEyes {
  const watcher = createWorkTreeWatcher();
  return {
    async open(directory, top) {
      const place = await findWorkTree(directory);
      if (place === undefined || (top !== undefined && place.top !== top)) return undefined;
      let history: History | undefined;
      return {
        mark: () => treeMark(place),
        async look(base) {
          const seen = await lookAtWorkTree(place, base, history, now);
          history = seen.history ?? history;
          return seen.look;
        },
        watch: (changed) => watcher.watch(place, changed),
      };
    },
    close: watcher.close,
  };
}
