/**
 * At most one run in flight and one waiting: every caller's promise settles with a run that began after its call.
 * `run` must not reject.
 */
export function singleFlight(run: () => Promise<void>): () => Promise<void> {
  let flying: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;

  const fly = (): Promise<void> => {
    flying = run().finally(() => {
      flying = undefined;
    });
    return flying;
  };

  return () => {
    if (flying === undefined) return fly();
    waiting ??= flying.then(() => {
      waiting = undefined;
      return fly();
    });
    return waiting;
  };
}
