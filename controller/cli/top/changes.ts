import type { Line, Span } from './scene.ts';

/** Where on the screen something stands; rows and columns count from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
  /** Undefined: up to the end of the line. */
  readonly width: number | undefined;
}

export interface Change extends Place {
  readonly line: Line;
}

/**
 * What must be drawn to make one screen of another: of lines whose pieces stand where they stood only the pieces that
 * differ, since of a table it is a figure here and there.
 */
export function changesBetween(shown: readonly Line[], wanted: readonly Line[]): readonly Change[] {
  return wanted.flatMap((line, row) => changesOf(shown[row], line, row));
}

function changesOf(shown: Line | undefined, line: Line, row: number): readonly Change[] {
  if (shown === undefined || !standAlike(shown, line)) {
    const isSame =
      shown !== undefined &&
      shown.length === line.length &&
      line.every((span, index) => isSameSpan(span, shown[index]));
    return isSame ? [] : [{ row, column: 0, width: undefined, line }];
  }
  const changes: Change[] = [];
  let column = 0;
  for (const [index, span] of line.entries()) {
    const { length: width } = span.text;
    if (!isSameSpan(span, shown[index]) && width > 0) changes.push({ row, column, width, line: [span] });
    column += width;
  }
  return changes;
}

const ASCII = /^[ -~]*$/;

/** Pieces of the same widths; of other characters than ASCII a terminal may have its own idea how wide they are. */
function standAlike(shown: Line, line: Line): boolean {
  if (shown.length !== line.length || ![...shown, ...line].every(({ text }) => ASCII.test(text))) return false;
  return line.every(({ text }, index) => shown[index]?.text.length === text.length);
}

function isSameSpan(span: Span, other: Span | undefined): boolean {
  return (
    span.text === other?.text &&
    span.colour === other.colour &&
    span.bold === other.bold &&
    span.inverse === other.inverse
  );
}
