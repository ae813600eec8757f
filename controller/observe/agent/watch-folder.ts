import { type FSWatcher, watch } from 'node:fs';

/**
 * Tells when something in a folder may have changed: a hint, which may come late or never. Undefined if the folder is
 * not there or the system watches no more of them.
 */
export function watchFolder(folder: string, changed: () => void): (() => void) | undefined {
  let watcher: FSWatcher;
  try {
    watcher = watch(folder, { persistent: false }, changed);
  } catch {
    return undefined;
  }
  watcher.on('error', () => {
    watcher.close();
  });
  return () => {
    watcher.close();
  };
}
