import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface DirectoryWatch {
  /**
   * Watches the directory that stands there now; does nothing while that is the one watched already. `folders`, paths
   * below it, are those that a look found files in: whichever of them is not watched yet will be.
   */
  follow(folders?: Iterable<string>): void;
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly directory: string;
  /** Something happened, somewhere below. What and where is not told: a look finds out. */
  readonly hint: () => void;
  /** Watching is impaired (out of inotify watches, say); the timer still finds every change. */
  readonly failed: (error: unknown) => void;
}

/** chokidar as a mere hint. A directory that was removed and made anew is another directory, and is followed anew. */
export function watchDirectory({ directory, hint, failed }: WatchOptions): DirectoryWatch {
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  let isReady = false;
  let closing: Promise<void> = Promise.resolve();

  /** Folders that were handed to chokidar since they were last seen to be watched. */
  const handedOver = new Set<string>();

  // chokidar lists a directory first and watches it then: a folder made in between is unknown to it for ever, and so is
  // all that happens there. A look knows better.
  const catchUp = (current: FSWatcher, folders: Iterable<string>) => {
    const known = current.getWatched();
    for (const folder of folders) {
      const path = join(directory, folder);
      if (Object.hasOwn(known, path)) handedOver.delete(path);
      else if (!handedOver.has(path)) {
        handedOver.add(path);
        current.add(path);
        // What changed before the watch stood is seen by one more look.
        hint();
      }
    }
  };

  const stop = () => {
    handedOver.clear();
    const old = watcher;
    watcher = undefined;
    watched = undefined;
    if (old !== undefined) closing = closing.then(() => old.close()).catch(failed);
  };

  return {
    follow(folders = []) {
      const identity = identityOf(directory);
      if (identity === watched) {
        if (watcher !== undefined && isReady) catchUp(watcher, folders);
        return;
      }
      stop();
      if (identity === undefined) return;
      watched = identity;
      isReady = false;
      watcher = watch(directory, { ignoreInitial: true, followSymlinks: false, ignored: isHidden(directory) });
      watcher.on('all', hint);
      // chokidar never tells of the later change or removal of a file that was made while it was still listing the
      // file's directory (measured: up to 21 of 60). What the system itself says of the directory gets lost nowhere.
      watcher.on('raw', hint);
      watcher.on('error', failed);
      // What changed before the watch stood is seen by one more look.
      watcher.on('ready', () => {
        isReady = true;
        hint();
      });
    },
    async close() {
      stop();
      await closing;
    },
  };
}

/** '..data' is how Kubernetes swaps the files of a mounted ConfigMap; it must not be overlooked. */
function isHidden(directory: string): (path: string) => boolean {
  return (path) => path !== directory && /^\.[^.]/.test(basename(path));
}

function identityOf(directory: string): string | undefined {
  try {
    const { dev, ino, birthtimeMs } = statSync(directory);
    return `${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return undefined;
  }
}
