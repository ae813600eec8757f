/**
 * How many of the first lines of `fresh` are saved already. The two are windows on one sequence of lines that only
 * grows, so the end of the one is the beginning of the other; where lines repeat, several such places fit.
 *
 * @param settled how many lines of `fresh`, from its beginning, can have been saved
 * @param grown how many lines came since the last time, where that is about known: it decides between several places.
 *   Without it the one is taken that saves the fewest lines again.
 */
export function overlap<Line>(
  saved: readonly Line[],
  fresh: readonly Line[],
  { settled, grown }: { readonly settled: number; readonly grown?: number },
): number {
  const borders = bordersOf(fresh);
  let length = 0;
  let within = false;
  for (const line of saved) {
    if (length === fresh.length) length = borders[length - 1] ?? 0;
    while (length > 0 && fresh[length] !== line) length = borders[length - 1] ?? 0;
    if (fresh[length] === line) length += 1;
    if (settled > 0 && length >= settled) within = true;
  }
  if (grown === undefined) {
    // A terminal that was made larger takes lines back that had scrolled out: these end before what is saved does.
    return within ? Math.max(settled, length) : length;
  }
  let best = length;
  for (let place = length; place > 0; ) {
    place = borders[place - 1] ?? 0;
    // That nothing is left of what was saved is only so if as much came as stands there.
    if (place === 0 && grown < settled) break;
    if (Math.abs(settled - place - grown) < Math.abs(settled - best - grown)) best = place;
  }
  return best;
}

/** Of each prefix, the longest part shorter than itself that it both begins and ends with (Knuth, Morris, Pratt). */
function bordersOf<Line>(lines: readonly Line[]): number[] {
  const borders: number[] = [];
  let length = 0;
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      while (length > 0 && lines[length] !== line) length = borders[length - 1] ?? 0;
      if (lines[length] === line) length += 1;
    }
    borders.push(length);
  }
  return borders;
}
