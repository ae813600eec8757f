import { earlier, type Numbering, numbersBetween } from './numbering.ts';
import type { ProcessStat, ProcessTable } from './process-table.ts';

/** Who has begun since a moment, told bit by bit. */
export interface NewlyNumbered {
  /** All who can be seen now and could not at the last call; undefined if that cannot be told for sure. */
  sinceLastTime(): readonly ProcessStat[] | undefined;
}

/** A number is given a moment before its process can be seen: for so long it is asked for again, in milliseconds. */
const SEEN_MS = 1000;
/** Numbers that were given within that moment before the first; many more than are ever given at once. */
const AT_ONCE = 100;
/** Of more, a walk through the whole table costs less. */
const MOST = 1000;

interface Unseen {
  readonly number: number;
  /** When it was known to be given, in milliseconds. */
  readonly at: number;
}

/**
 * Asks for each number that was given until somebody was seen to bear it: most are soon ended, and to be told that there
 * is nobody costs a third of a reading. `now`: a clock that nobody can set. Undefined where the system does not say.
 */
export function followNumbering(table: ProcessTable, now: () => number): NewlyNumbered | undefined {
  const first = table.numbering?.();
  if (first === undefined) return undefined;
  let reached: Numbering = first;
  let unseen = givenAt(numbersBetween(earlier(first, AT_ONCE), first) ?? [], now());

  /** Undefined: they are too many to be asked for each. */
  function givenSince(at: number): readonly Unseen[] | undefined {
    const numbering = table.numbering?.();
    if (numbering === undefined) return undefined;
    const numbers = numbersBetween(reached, numbering);
    if (numbers === undefined || numbers.length + unseen.length > MOST) return undefined;
    reached = numbering;
    return givenAt(numbers, at);
  }

  return {
    sinceLastTime() {
      const at = now();
      const given = givenSince(at);
      if (given === undefined) return undefined;
      const asked = [...unseen, ...given];
      // Where it cannot be told who bears them, the next call asks for all of them.
      unseen = asked;
      const bearers = table.bearers?.(asked.map(({ number }) => number));
      if (bearers === undefined) return undefined;
      const seen = new Set(bearers.map(({ number }) => number));
      unseen = asked.filter((one) => at - one.at < SEEN_MS && !seen.has(one.number));
      return bearers.flatMap(({ stat }) => (stat === undefined ? [] : [stat]));
    },
  };
}

function givenAt(numbers: readonly number[], at: number): readonly Unseen[] {
  return numbers.map((number) => ({ number, at }));
}
