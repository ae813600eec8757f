import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface DirectoryWatch {
  /**
   * Watches the directory that stands there now, and these folders below it; does nothing while they are watched
   * already. chokidar overlooks a folder that is made between its listing of the parent and its watch on it, for good.
   */
  follow(folders: readonly string[]): void;
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly directory: string;
  /** Something happened, somewhere below. What and where is not told: a look finds out. */
  readonly hint: () => void;
  /** The same, told a few milliseconds after `hint` by one who looks first and may overlook it. */
  readonly echo: () => void;
  /** Watching is impaired (out of inotify watches, say); the timer still finds every change. */
  readonly failed: (error: unknown) => void;
}

/** chokidar as a mere hint. A directory that was removed and made anew is another directory, and is followed anew. */
export function watchDirectory({ directory, hint, echo, failed }: WatchOptions): DirectoryWatch {
  let watcher: FSWatcher | undefined;
  let watched: string | undefined;
  let isReady = false;
  let closing: Promise<void> = Promise.resolve();

  const stop = () => {
    const old = watcher;
    watcher = undefined;
    watched = undefined;
    isReady = false;
    if (old !== undefined) closing = closing.then(() => old.close()).catch(failed);
  };

  const addMissing = (folders: readonly string[]) => {
    const known = watcher?.getWatched() ?? {};
    const missing = folders.filter((folder) => known[resolve(folder)] === undefined);
    if (missing.length > 0) watcher?.add(missing);
  };

  return {
    follow(folders) {
      const identity = identityOf(directory);
      if (identity === watched) {
        if (isReady) addMissing(folders);
        return;
      }
      stop();
      if (identity === undefined) return;
      watched = identity;
      watcher = watch(directory, { ignoreInitial: true, followSymlinks: false, ignored: isHidden(directory) });
      watcher.on('all', echo);
      // chokidar never tells of the later change or removal of a file that was made while it was still listing the
      // file's directory (measured: up to 21 of 60). What the system itself says of the directory gets lost nowhere.
      watcher.on('raw', hint);
      watcher.on('error', failed);
      // What changed before the watch stood is seen by one more look.
      const own = watcher;
      watcher.on('ready', () => {
        if (watcher === own) isReady = true;
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
