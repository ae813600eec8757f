/** Tables as kubectl prints them: columns in capitals, three spaces apart, nothing after the last cell of a row. */

export interface Column<Row> {
  readonly header: string;
  /** What the cell says; an empty text is shown as <none>. */
  readonly cell: (row: Row) => string;
  /** Shown with -o wide only. */
  readonly wide?: boolean;
}

export interface TableOptions {
  readonly wide?: boolean;
  readonly headers?: boolean;
}

const GAP = 3;

export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions = {},
): string {
  return startTable(columns, options)(rows);
}

/** A table that grows while it is watched: each call prints further rows under the widths of those before. */
export function startTable<Row>(
  columns: readonly Column<Row>[],
  { wide = false, headers = true }: TableOptions = {},
): (rows: readonly Row[]) => string {
  const shown = columns.filter((column) => wide || column.wide !== true);
  const widths: number[] = [];
  let started = false;
  return (rows) => {
    const cells = rows.map((row) => shown.map((column) => cellText(column.cell(row))));
    const head = headers && !started ? [shown.map(({ header }) => header)] : [];
    started = true;
    return alignRows([...head, ...cells], widths);
  };
}

/** A cell is one line of printable text, whatever an agent's output or a person's message holds. */
function cellText(text: string): string {
  const line = text
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '');
  return line === '' ? '<none>' : line;
}

/** Pads the cells of each column to the same width, at least to `widths`, which grow with it. */
export function alignRows(rows: readonly (readonly string[])[], widths: number[] = []): string {
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, width(cell));
    });
  }
  return rows
    .map((row) => {
      const last = row.length - 1;
      const padded = row.map((cell, column) =>
        column === last ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell) + GAP),
      );
      return `${padded.join('')}\n`;
    })
    .join('');
}

/** Characters, not bytes or UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
