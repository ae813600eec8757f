/**
 * Runs at most `atOnce` tasks at the same time, the others in the order in which they came. A task whose signal fires
 * before its turn is not run, and gives undefined.
 */
export function createLimit(atOnce: number) {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async function limited<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T | undefined> {
    if (running >= atOnce) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else running += 1;
    try {
      return signal.aborted ? undefined : await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
