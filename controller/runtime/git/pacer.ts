import type { Clock } from '../ports.ts';

export interface Pacer {
  /** Has the task done in its turn; the same id waits once. */
  add(id: string, task: () => Promise<unknown>): void;
  close(): void;
}

/** After a task, nothing else is done for so many times as long as it took, and at most for so long, in milliseconds. */
const REST = 9;
const MOST_MS = 5000;

/**
 * Does one task after the other, with pauses in between: together they take about a tenth of a processor, however many
 * there are. `onError` is told of those that reject.
 */
export function createPacer(clock: Clock, onError: (error: unknown) => void): Pacer {
  const waiting = new Map<string, () => Promise<unknown>>();
  let busy = false;
  let cancel: (() => void) | undefined;

  function next(): void {
    const [first] = waiting;
    if (busy || first === undefined) return;
    const [id, task] = first;
    waiting.delete(id);
    busy = true;
    const begun = clock.now();
    task()
      .catch(onError)
      .finally(() => {
        cancel = clock.after(Math.min(MOST_MS, Math.max(0, clock.now() - begun) * REST), () => {
          busy = false;
          next();
        });
      });
  }

  return {
    add(id, task) {
      if (waiting.has(id)) return;
      waiting.set(id, task);
      next();
    },
    close() {
      waiting.clear();
      cancel?.();
    },
  };
}
