import type { Clock } from '../ports.ts';

export interface Pacer {
  /** Has the task done in its turn; the same id waits once. `isUrgent`: with less of a rest after it. */
  add(id: string, task: () => Promise<unknown>, isUrgent: boolean): void;
  close(): void;
}

/** After a task, nothing else is done for so many times as long as it took, and at most for so long, in milliseconds. */
const REST = 9;
const URGENT_REST = 3;
/** Who takes longer is not waited for, in milliseconds: one that hangs holds nobody else up. */
const PATIENCE_MS = 2000;
const MOST_MS = 5000;

/**
 * Does one task after the other, with pauses in between: together they take about a tenth of a processor, or a quarter,
 * however many there are. `onError` is told of those that reject.
 */
export function createPacer(clock: Clock, onError: (error: unknown) => void): Pacer {
  const waiting = new Map<string, { readonly task: () => Promise<unknown>; readonly rest: number }>();
  let busy = false;
  let cancel: (() => void) | undefined;

  function next(): void {
    const [first] = waiting;
    if (busy || first === undefined) return;
    const [id, { task, rest }] = first;
    waiting.delete(id);
    busy = true;
    const begun = clock.now();
    let isOver = false;
    const goOn = (): void => {
      if (isOver) return;
      isOver = true;
      cancelPatience();
      cancel = clock.after(Math.min(MOST_MS, Math.max(0, clock.now() - begun) * rest), () => {
        busy = false;
        next();
      });
    };
    const cancelPatience = clock.after(PATIENCE_MS, goOn);
    task().catch(onError).finally(goOn);
  }

  return {
    add(id, task, isUrgent) {
      if (waiting.has(id)) return;
      waiting.set(id, { task, rest: isUrgent ? URGENT_REST : REST });
      next();
    },
    close() {
      waiting.clear();
      cancel?.();
    },
  };
}
