import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Places } from './ports.ts';

/** A burst of writes is one change. */
const DEBOUNCE_MS = 100;
/** Directories that do not exist yet cannot be watched, and a watch can lose an event: so it is looked again anyway. */
const RESYNC_MS = 2000;

/**
 * Yields once the watch has begun, so that nothing falls between a look before it and the watch, then whenever the specs
 * or the state may have changed, and at the latest every two seconds, until the signal fires.
 */
export async function* changes(places: Places, signal: AbortSignal): AsyncGenerator<void, void> {
  let hint: () => void = () => undefined;
  const watchers = watchedFolders(places).flatMap((folder) => openWatcher(folder, () => hint()));
  try {
    while (!signal.aborted) {
      const hinted = new AbortController();
      hint = () => hinted.abort();
      yield;
      await pause(RESYNC_MS, AbortSignal.any([signal, hinted.signal]));
      if (hinted.signal.aborted) await pause(DEBOUNCE_MS, signal);
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

function watchedFolders({ specs, state }: Places): readonly string[] {
  return [
    specs,
    state,
    join(state, 'status', 'project'),
    join(state, 'status', 'agentclass'),
    join(state, 'status', 'gitsource'),
    join(state, 'status', 'alert'),
  ];
}

function openWatcher(folder: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    // The folder was removed: the next resync sees to what is there instead.
    watcher.on('error', () => undefined);
    return [watcher];
  } catch {
    return [];
  }
}

/** Waits; ends early, without an error, when the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
