/** A bound on looks into the file system: what lies below a mount whose server is gone never answers. */
export interface BoundedLooks {
  /** `late()` where the place gives no answer in time, and at once for as long as an earlier one on its mount owes one. */
  look<Answer>(place: string, ask: () => Promise<Answer>, late: () => Answer): Promise<Answer>;
}

export interface BoundedLooksOptions {
  readonly limitMs: number;
  /** Calls back after so many milliseconds; gives what takes that back. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** The least that can be asked of a place; its failure is an answer too. */
  readonly touch: (place: string) => Promise<unknown>;
  /** What a place is mounted on. */
  readonly mountOf: (place: string) => string;
}

/**
 * Each question without an answer holds one of the few threads with which this process reads and writes files. So places
 * are touched one after the other before anything else is asked of them, and a dead mount is touched once: it costs one.
 */
export function createBoundedLooks({ limitMs, after, touch, mountOf }: BoundedLooksOptions): BoundedLooks {
  /** Mounts and single places that owe an answer. */
  const mounts: string[] = [];
  const places: string[] = [];
  let touched: Promise<unknown> = Promise.resolve();

  const owes = (place: string) => places.includes(place) || (mounts.length > 0 && mounts.includes(mountOf(place)));

  function inTime<Answer>(ask: () => Promise<Answer>, late: () => Answer, owing: readonly [string[], () => string]) {
    const [owers, name] = owing;
    return new Promise<Answer>((resolve, reject) => {
      let ower: string | undefined;
      const cancel = after(limitMs, () => {
        ower = name();
        owers.push(ower);
        resolve(late());
      });
      ask()
        .then(resolve, reject)
        .finally(() => {
          cancel();
          if (ower !== undefined) owers.splice(owers.indexOf(ower), 1);
        });
    });
  }

  function touchInTurn(place: string): Promise<boolean> {
    const answers = () =>
      touch(place).then(
        () => true,
        () => true,
      );
    const mine = touched.then(() =>
      owes(place) ? false : inTime(answers, () => false, [mounts, () => mountOf(place)]),
    );
    touched = mine;
    return mine;
  }

  return {
    async look(place, ask, late) {
      // What else is asked of it may lie anywhere, such as on its PATH.
      return (await touchInTurn(place)) ? inTime(ask, late, [places, () => place]) : late();
    },
  };
}
