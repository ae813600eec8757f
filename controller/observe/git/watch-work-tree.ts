import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GitPlace } from './find-work-tree.ts';
import { readShort } from './read-short.ts';
import { refOf } from './tree-mark.ts';

/** Told the name of what changed in a folder, where the system tells it. */
type Listener = (name: string | null) => void;

export interface WorkTreeWatcher {
  /**
   * Tells when git may have done something in a work tree: a hint, which may come late or never. Undefined if the system
   * watches no more folders.
   */
  watch(place: GitPlace, changed: () => void): Promise<(() => void) | undefined>;
  close(): void;
}

interface Folder {
  readonly watcher: FSWatcher;
  readonly listeners: Set<Listener>;
}

/**
 * Two folders a work tree: its own git directory, where every lock comes and goes, and the one that its branch stands in,
 * which it shares with others of its project. A folder is watched once, however many want to know of it.
 */
export function createWorkTreeWatcher(): WorkTreeWatcher {
  const folders = new Map<string, Folder>();

  function listen(path: string, listener: Listener): (() => void) | undefined {
    const folder = folders.get(path) ?? open(path);
    if (folder === undefined) return undefined;
    folder.listeners.add(listener);
    return () => {
      folder.listeners.delete(listener);
      if (folder.listeners.size === 0) drop(path, folder);
    };
  }

  function open(path: string): Folder | undefined {
    const listeners = new Set<Listener>();
    let watcher: FSWatcher;
    try {
      watcher = watch(path, { persistent: false }, (_event, name) => {
        for (const listener of listeners) listener(name);
      });
    } catch {
      return undefined;
    }
    const folder = { watcher, listeners };
    watcher.on('error', () => {
      drop(path, folder);
    });
    folders.set(path, folder);
    return folder;
  }

  function drop(path: string, folder: Folder): void {
    folder.watcher.close();
    if (folders.get(path) === folder) folders.delete(path);
  }

  return {
    async watch({ gitDir, commonDir }, changed) {
      const own = listen(gitDir, changed);
      if (own === undefined) return undefined;
      const branch = refOf(await readShort(join(gitDir, 'HEAD')));
      if (branch === undefined) return own;
      const names = new Set([basename(branch), `${basename(branch)}.lock`]);
      const shared = listen(join(commonDir, dirname(branch)), (name) => {
        if (name === null || names.has(name)) changed();
      });
      return () => {
        own();
        shared?.();
      };
    },
    close() {
      for (const [path, folder] of folders) drop(path, folder);
    },
  };
}
