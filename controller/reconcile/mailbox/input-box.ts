import type { Delivery } from '../../api/generated/all.ts';
import { patternOf } from '../../api/reading/pattern.ts';

/** What stands in the input box. `Hidden`: the class does not say how it looks. `Absent`: it is not on the screen. */
export type Box =
  | { readonly type: 'Hidden' }
  | { readonly type: 'Absent' }
  | { readonly type: 'Empty' }
  | { readonly type: 'Holds'; readonly text: string };

interface Screen {
  readonly screen: readonly string[];
  readonly styled: readonly string[];
}

/**
 * Reads the input box off the screen. Of several lines that look like one the last counts: programs show what was said
 * before in the same way. Grey text is the program's own hint and not anybody's.
 */
export function readBox({ screen, styled }: Screen, { inputLine, emptyText = [] }: Delivery): Box {
  if (inputLine === undefined) return { type: 'Hidden' };
  const pattern = patternOf(inputLine, 'dmu');
  for (let row = screen.length - 1; row >= 0; row -= 1) {
    const found = pattern.exec(screen[row] ?? '');
    if (found === null) continue;
    const text = (found.groups?.['text'] ?? '').trim();
    if (text === '' || emptyText.some((empty) => patternOf(empty, 'u').test(text))) return { type: 'Empty' };
    const [from, to] = found.indices?.groups?.['text'] ?? [0, 0];
    return isGhost(styled[row] ?? '', from, to) ? { type: 'Empty' } : { type: 'Holds', text };
  }
  return { type: 'Absent' };
}

/** Whether all that can be seen between two columns is dim; of it the cursor may stand on the first, in inverse. */
function isGhost(styled: string, from: number, to: number): boolean {
  const characters = stylesOf(styled).slice(from, to);
  const seen = characters.filter(({ text }) => text.trim() !== '');
  return seen.some(({ dim }) => dim) && seen.every(({ dim, inverse }, index) => dim || (index === 0 && inverse));
}

interface Styled {
  readonly text: string;
  readonly dim: boolean;
  readonly inverse: boolean;
}

/** One entry a UTF-16 unit, as regular expressions count. */
function stylesOf(line: string): Styled[] {
  const found: Styled[] = [];
  let dim = false;
  let inverse = false;
  for (const piece of line.split(/(\u001b\[[0-9;:]*[A-Za-z])/u)) {
    if (!piece.startsWith('\u001b[')) {
      for (let at = 0; at < piece.length; at += 1) found.push({ text: piece.charAt(at), dim, inverse });
      continue;
    }
    if (!piece.endsWith('m')) continue;
    for (const code of codesOf(piece)) {
      if (code === 0) dim = inverse = false;
      else if (code === 2) dim = true;
      else if (code === 22) dim = false;
      else if (code === 7) inverse = true;
      else if (code === 27) inverse = false;
      else if (code === 90) dim = true;
      else if (code === 39) dim = false;
    }
  }
  return found;
}

/** The codes of a style, less the arguments of colours: in 38;5;2 the 2 is no dim. */
function codesOf(escape: string): number[] {
  const codes = escape.slice(2, -1).split(';').map(Number);
  const kept: number[] = [];
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    else kept.push(code);
  }
  return kept;
}
