/** Lines around a change that are shown with it, as in diff -u. */
const CONTEXT = 3;

export type DiffLine = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** The differences of two texts as `diff -u` prints them; empty if there are none. */
export function unifiedDiff(before: string, after: string, [from, to]: readonly [string, string]): string {
  const lines = diffLines(linesOf(before), linesOf(after));
  if (lines.every(({ sign }) => sign === ' ')) return '';
  const shown = hunks(lines).map(({ start, end }) => hunkText(lines, start, end));
  return `--- ${from}\n+++ ${to}\n${shown.join('')}`;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** By the longest common subsequence; specs are short enough for its table. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const common: number[][] = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  const at = (row: number, column: number) => common[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const length =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
      (common[row] as number[])[column] = length;
    }
  }
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const [old, next] = [before[row], after[column]];
    if (old !== undefined && old === next) {
      lines.push({ sign: ' ', text: old });
      row++;
      column++;
    } else if (old !== undefined && (next === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ sign: '-', text: old });
      row++;
    } else {
      lines.push({ sign: '+', text: next ?? '' });
      column++;
    }
  }
  return lines;
}

interface Hunk {
  readonly start: number;
  /** Behind its last line. */
  readonly end: number;
}

/** Changes whose surroundings touch are shown together. */
function hunks(lines: readonly DiffLine[]): readonly Hunk[] {
  const found: Hunk[] = [];
  lines.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const last = found.at(-1);
    const start = Math.max(0, index - CONTEXT);
    const end = Math.min(lines.length, index + CONTEXT + 1);
    if (last !== undefined && start <= last.end) found[found.length - 1] = { start: last.start, end };
    else found.push({ start, end });
  });
  return found;
}

function hunkText(lines: readonly DiffLine[], start: number, end: number): string {
  const count = (from: number, to: number, sign: '-' | '+') =>
    lines.slice(from, to).filter((line) => line.sign === ' ' || line.sign === sign).length;
  const range = (sign: '-' | '+') => {
    const length = count(start, end, sign);
    const before = count(0, start, sign);
    return `${length === 0 ? before : before + 1}${length === 1 ? '' : `,${length}`}`;
  };
  const text = lines.slice(start, end).map((line) => `${line.sign}${line.text}\n`);
  return `@@ -${range('-')} +${range('+')} @@\n${text.join('')}`;
}
