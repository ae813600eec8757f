export interface LooksAhead<Thing extends object, Found> {
  /** Begins a look at what somebody is likely to ask for in a moment, unless one was begun that will do. */
  begin(thing: Thing): void;
  /** What was found by a look that was begun in the last moment, once; else by one that begins now. */
  take(thing: Thing): Promise<Found>;
}

/** What was seen so long ago is as good as seen now: it may be otherwise again by the time it counts. Milliseconds. */
const MOMENT_MS = 50;
/** What nothing is wrong with is taken to be so a little longer: while a file is waited for to be whole, say. Milliseconds. */
const FINE_MS = 200;

/**
 * Looks that are begun before they are asked for, while something else is waited for.
 *
 * @param now a clock that nobody can set
 * @param isFine whether what was found keeps nobody from anything
 */
export function createLooksAhead<Thing extends object, Found>(
  look: (thing: Thing) => Promise<Found>,
  now: () => number,
  isFine: (found: Found) => boolean,
): LooksAhead<Thing, Found> {
  const begun = new WeakMap<Thing, { readonly at: number; readonly found: Promise<Found> }>();

  return {
    begin(thing) {
      const before = begun.get(thing);
      if (before !== undefined && now() - before.at <= FINE_MS - MOMENT_MS) return;
      const found = look(thing);
      // Where nobody asks for it, nobody hears of its failure either.
      found.catch(() => undefined);
      begun.set(thing, { at: now(), found });
    },
    async take(thing) {
      const ahead = begun.get(thing);
      begun.delete(thing);
      const age = ahead === undefined ? Number.POSITIVE_INFINITY : now() - ahead.at;
      if (ahead === undefined || age > FINE_MS) return look(thing);
      const found = await ahead.found;
      return age <= MOMENT_MS || isFine(found) ? found : look(thing);
    },
  };
}
