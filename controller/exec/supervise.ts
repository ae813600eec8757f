/**
 * Takes a promise that nobody waits for. One that rejects is a bug: it surfaces as an uncaught exception, which the
 * program logs, and is never swallowed.
 */
export function supervise(promise: Promise<unknown>): void {
  promise.catch((error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
}
