/**
 * Text as it may stand on the screen. What agents, branches and messages are called is up to others: nothing of it may
 * move the cursor, change a colour, run backwards, or take more room than it was given.
 */

/** Escape sequences as a whole (ECMA-48), so that no `[31m` is left of one. */
const ESCAPES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|[ -/]*[0-~]?)|\u009b[0-?]*[ -/]*[@-~]?|[\u009d\u0090\u0098\u009e\u009f][^\u0007\u001b\u009c]*(?:\u0007|\u009c)?/g;
const BLANKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Controls, what is invisible or changes the direction of writing, and halves of surrogate pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
/** Of these no two terminals agree how wide they are. */
const UNKNOWN = /[\p{Cn}\p{Co}]/gu;
const STACKED_MARKS = /([\p{Mn}\p{Me}]{2})[\p{Mn}\p{Me}]+/gu;
const LEADING_MARKS = /^[\p{Mn}\p{Me}]+/u;
const ASCII = /^[ -~]*$/;

/** One line of characters each of which a terminal shows in a known width. */
export function plain(text: string): string {
  if (ASCII.test(text)) return text;
  return text
    .replace(ESCAPES, '')
    .replace(BLANKS, ' ')
    .replace(UNSEEN, '')
    .normalize('NFC')
    .replace(UNKNOWN, '?')
    .replace(STACKED_MARKS, '$1')
    .replace(LEADING_MARKS, '');
}

const ZERO = /^[\p{Mn}\p{Me}\u1160-\u11ff]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;
/** Blocks that are two columns wide (East_Asian_Width W and F), emoji left out; first and last of each. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dff],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d37f],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

/** Columns that one character of `plain` text takes, as wcwidth(3) counts: 0, 1 or 2. */
function columnsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO.test(character)) return 0;
  return EMOJI.test(character) || WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns that `plain` text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

export type Align = 'Left' | 'Right';

/**
 * `plain` text in exactly so many columns: filled with blanks, or cut, which a plus at its end tells, as in top(1): a
 * sign that is one column wide everywhere.
 */
export function fit(text: string, width: number, align: Align = 'Left'): string {
  const own = widthOf(text);
  if (own <= width) {
    const blanks = ' '.repeat(width - own);
    return align === 'Left' ? text + blanks : blanks + text;
  }
  if (width <= 0) return '';
  const kept = cut(text, width - 1);
  return `${kept}+${' '.repeat(width - 1 - widthOf(kept))}`;
}

/** As much of the beginning of `plain` text as fits. */
export function cut(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(0, Math.max(0, width));
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    kept += character;
  }
  return kept;
}

/** As much of the end of `plain` text as fits: of what is being typed, the end is what counts. */
export function cutStart(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const characters = [...text];
  let used = 0;
  let from = characters.length;
  while (from > 0 && used + columnsOf(characters[from - 1] ?? '') <= width) {
    from -= 1;
    used += columnsOf(characters[from] ?? '');
  }
  return characters.slice(from).join('');
}
