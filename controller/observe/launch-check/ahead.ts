export interface LooksAhead<Thing extends object, Found> {
  /** Begins a look at what somebody is likely to ask for in a moment. */
  begin(thing: Thing): void;
  /** What was begun in the last moment, once; else a look that begins now. */
  take(thing: Thing): Promise<Found>;
}

/** What was seen so long ago is as good as seen now: it may be otherwise again by the time it counts. Milliseconds. */
const MOMENT_MS = 50;

/** Looks that are begun before they are asked for, while something else is waited for. `now`: a clock that nobody can set. */
export function createLooksAhead<Thing extends object, Found>(
  look: (thing: Thing) => Promise<Found>,
  now: () => number,
): LooksAhead<Thing, Found> {
  const begun = new WeakMap<Thing, { readonly at: number; readonly found: Promise<Found> }>();

  return {
    begin(thing) {
      const found = look(thing);
      // Where nobody asks for it, nobody hears of its failure either.
      found.catch(() => undefined);
      begun.set(thing, { at: now(), found });
    },
    take(thing) {
      const ahead = begun.get(thing);
      begun.delete(thing);
      return ahead !== undefined && now() - ahead.at <= MOMENT_MS ? ahead.found : look(thing);
    },
  };
}
