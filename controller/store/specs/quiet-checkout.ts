import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Clock } from './clock.ts';

/** A git that works for longer than this has most likely died and left its lock, in milliseconds. */
const LONGEST_MS = 10_000;
const POLL_MS = 20;

/**
 * specs/ may be a checkout that somebody pulls. While git changes its files it holds the lock of the index, so that a
 * look between two releases of that lock sees all files of one commit, and never half of a pull.
 */
export interface QuietCheckout {
  /** Does something that only reads, again if git was at work meanwhile. Gives up waiting after ten seconds. */
  during<T>(look: () => Promise<T>): Promise<T>;
}

export function createQuietCheckout(directory: string, clock: Clock): QuietCheckout {
  /** A lock that outlasted our patience, by what tells it from the next one. */
  let stale: string | undefined;

  /** @returns the index while git is not at work. */
  async function quiet(until: number): Promise<string | undefined> {
    for (;;) {
      const { lock, index } = lookAtCheckout(directory);
      if (lock === undefined || lock === stale) return index;
      if (clock.now() >= until) {
        stale = lock;
        return index;
      }
      await new Promise<void>((resume) => {
        clock.after(POLL_MS, resume);
      });
    }
  }

  return {
    async during(look) {
      const until = clock.now() + LONGEST_MS;
      for (;;) {
        const index = await quiet(until);
        const seen = await look();
        const after = lookAtCheckout(directory);
        const isFree = after.lock === undefined || after.lock === stale;
        // Whoever began and ended meanwhile has left another index behind.
        if (clock.now() >= until || (after.index === index && isFree)) return seen;
      }
    },
  };
}

/** What tells the index and its lock from the next ones; undefined where there is none. */
function lookAtCheckout(directory: string): {
  readonly lock?: string | undefined;
  readonly index?: string | undefined;
} {
  const folder = gitFolder(directory);
  if (folder === undefined) return {};
  const lock = stampOf(join(folder, 'index.lock'));
  return { lock, index: stampOf(join(folder, 'index')) };
}

function stampOf(path: string): string | undefined {
  const found = statOf(path);
  return found && `${found.ino}:${found.mtimeMs}`;
}

/** Where git keeps the index of the checkout that a directory lies in; undefined if it lies in none. */
function gitFolder(directory: string): string | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    const found = statOf(git);
    if (found?.isDirectory() === true) return git;
    // Of a work tree or a submodule: a file that says where.
    if (found?.isFile() === true) return linkedFolder(git, folder);
    if (folder === dirname(folder)) return undefined;
  }
}

function linkedFolder(file: string, folder: string): string | undefined {
  try {
    const target = /^gitdir: (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
    return target === undefined ? undefined : resolve(folder, target);
  } catch {
    return undefined;
  }
}

function statOf(path: string) {
  try {
    // At each load, in every folder above: an error for each would be felt.
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
