import { join } from 'node:path';
import { type TidyInput, tidyDeletions } from './deletions.ts';
import { readWaiting, type Waiting, writeWaiting } from './waiting-file.ts';

/** What is on record of what has vanished, as the one writer keeps it. Failures are reported, and tried again next time. */
export function createVanishedRecords(state: string, failed: (path: string, error: unknown) => void) {
  let onDisk: string | undefined;

  function attempt(path: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      failed(path, error);
    }
  }

  return {
    save(waiting: readonly Waiting[], tidy: TidyInput): void {
      attempt(join(state, 'vanished.json'), () => {
        onDisk ??= JSON.stringify(readWaiting(state));
        const text = JSON.stringify(waiting);
        if (text === onDisk) return;
        writeWaiting(state, waiting);
        onDisk = text;
      });
      attempt(join(state, 'deletions'), () => {
        tidyDeletions(state, tidy);
      });
    },
  };
}
