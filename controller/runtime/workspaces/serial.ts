/** Runs tasks of one name one after the other, in the order in which they came; those of other names beside them. */
export function createSerial() {
  const last = new Map<string, Promise<unknown>>();

  return function serially<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = last.get(name) ?? Promise.resolve();
    const run = before.then(task, task);
    const settled = run.then(
      () => undefined,
      () => undefined,
    );
    last.set(name, settled);
    void settled.then(() => {
      if (last.get(name) === settled) last.delete(name);
    });
    return run;
  };
}
