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
  /** A clock that nobody can set, in milliseconds; default: this process's. */
  readonly now?: () => number;
}

/** A mount that answered so long ago is taken to answer still, in milliseconds. */
const MOMENT_MS = 50;

/**
 * Each question without an answer holds one of the few threads with which this process reads and writes files. So mounts
 * are touched one after the other before anything else is asked of what lies on them, and a dead one is touched once: it
 * costs one. A touch serves all who came before it began, so that hundreds who come at once do not queue up, and those
 * who come within a moment of its answer: only a mount that dies in that very moment holds more than one.
 */
export function createBoundedLooks(options: BoundedLooksOptions): BoundedLooks {
  const { limitMs, after, touch, mountOf, now = () => performance.now() } = options;
  /** Mounts and single places that owe an answer. */
  const mounts: string[] = [];
  const places: string[] = [];
  /** By mount, touches that have not begun, and the places that they are for. */
  const waiting = new Map<string, { readonly places: Set<string>; readonly answered: Promise<boolean> }>();
  let touched: Promise<unknown> = Promise.resolve();
  /** Those that are under way. */
  let touches = 0;
  /** By mount, when it was last heard to answer. */
  const answeredAt = new Map<string, number>();

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

  /** The first of the places, which all lie on the mount, that owes no answer. */
  async function touchOne(mount: string, others: readonly string[]): Promise<boolean> {
    const one = others.find((each) => !owes(each));
    if (one === undefined) return false;
    const answered = () => {
      answeredAt.set(mount, now());
      return true;
    };
    const answers = () => touch(one).then(answered, answered);
    touches += 1;
    try {
      return await inTime(answers, () => false, [mounts, () => mountOf(one)]);
    } finally {
      touches -= 1;
    }
  }

  const hasJustAnswered = (mount: string): boolean =>
    now() - (answeredAt.get(mount) ?? Number.NEGATIVE_INFINITY) <= MOMENT_MS;

  function touchInTurn(place: string): Promise<boolean> {
    const mount = mountOf(place);
    if (hasJustAnswered(mount)) return Promise.resolve(true);
    const others = waiting.get(mount);
    if (others !== undefined) {
      others.places.add(place);
      return others.answered;
    }
    if (touches === 0 && waiting.size === 0) {
      // Nobody to wait for: it is under way before this returns.
      const alone = touchOne(mount, [place]);
      touched = alone;
      return alone;
    }
    const own = new Set([place]);
    const served = touched.then(() => {
      waiting.delete(mount);
      return hasJustAnswered(mount) || touchOne(mount, [...own]);
    });
    waiting.set(mount, { places: own, answered: served });
    touched = served;
    return served;
  }

  return {
    async look(place, ask, late) {
      if (!(await touchInTurn(place)) || owes(place)) return late();
      // What else is asked of it may lie anywhere, such as on its PATH.
      return inTime(ask, late, [places, () => place]);
    },
  };
}
