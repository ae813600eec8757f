/** Runs tasks of one name one after the other, in the order in which they came; those of other names beside them. */
export function createSerial() {
  const last = new Map<string, Promise<unknown>>();

  return function serially<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = last.get(name) ?? Promise.resolve();
    const run = before.then(task, task);
    const forget = (): void => {
      if (last.get(name) === settled) last.delete(name);
    };
    const settled: Promise<void> = run.then(forget, forget);
    last.set(name, settled);
    return run;
  };
}
