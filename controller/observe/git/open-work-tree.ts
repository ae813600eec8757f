import { stat } from 'node:fs/promises';
import type { Look } from '../../api/look.ts';
import type { GitBase, GitFacts } from '../../api/workspace.ts';
import { type BoundedLooksOptions, createBoundedLooks } from '../launch-check/in-time.ts';
import { createMountOf } from '../launch-check/mount-of.ts';
import { findWorkTree, type GitPlace } from './find-work-tree.ts';
import { type History, lookAtWorkTree } from './look-at-work-tree.ts';
import { createTreeMark } from './tree-mark.ts';
import { createWorkTreeWatcher } from './watch-work-tree.ts';

/** One work tree that is looked at again and again. */
export interface WorkTree {
  /**
   * Differs from an earlier one if git has done something in the work tree since. Undefined: its file system gives no
   * answer, and git is not to be started there. Never rejects.
   */
  mark(): Promise<string | undefined>;
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

/** So long a directory may take to say that it is there, in milliseconds. */
const LIMIT_MS = 5000;

export function createGitEyes({ now, after }: Pick<BoundedLooksOptions, 'after'> & { now(): number }): GitEyes {
  const watcher = createWorkTreeWatcher();
  const looks = createBoundedLooks({ limitMs: LIMIT_MS, after, touch: stat, mountOf: createMountOf() });

  function workTree(place: GitPlace): WorkTree {
    const treeMark = createTreeMark(place);
    let history: History | undefined;
    return {
      mark: () => looks.look<string | undefined>(place.directory, treeMark, () => undefined),
      async look(base) {
        const seen = await lookAtWorkTree(place, { base, known: history, now });
        history = seen.history ?? history;
        return seen.look;
      },
      watch: (changed) => watcher.watch(place, changed),
    };
  }

  return {
    async open(directory, top) {
      const place = await looks.look<GitPlace | undefined | 'Late'>(
        directory,
        () => findWorkTree(directory),
        () => 'Late',
      );
      if (place === 'Late') throw new Error(`the working directory ${directory} gives no answer`);
      return place === undefined || (top !== undefined && place.top !== top) ? undefined : workTree(place);
    },
    close: watcher.close,
  };
}
