import type { Column } from './columns.ts';
import type { AnyRow } from './facts.ts';
import { plain } from './text.ts';

export interface Order {
  /** Header of a column. */
  readonly column: string;
  readonly descending: boolean;
}

/** Rows by a column; equals, and all that do not have it, by name. Those without it come last, whichever way it goes. */
export function sortRows(
  rows: readonly AnyRow[],
  columns: readonly Column<AnyRow>[],
  { column, descending }: Order,
): readonly AnyRow[] {
  const by = columns.find(({ header }) => header === column);
  if (by === undefined) return [...rows].sort(byName);
  const keyed = rows.map((row) => ({ row, key: by.value(row) }));
  const sign = descending ? -1 : 1;
  return keyed.sort((a, b) => compare(a.key, b.key, sign) || byName(a.row, b.row)).map(({ row }) => row);
}

function byName(a: AnyRow, b: AnyRow): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

type Key = string | number | undefined;

function compare(a: Key, b: Key, sign: number): number {
  const [lacksA, lacksB] = [isLacking(a), isLacking(b)];
  if (a === undefined || b === undefined || lacksA || lacksB) return Number(lacksA) - Number(lacksB);
  return a === b ? 0 : (a < b ? -1 : 1) * sign;
}

function isLacking(key: Key): boolean {
  return key === undefined || key === '' || Number.isNaN(key);
}

/** Rows in whose cells each word of the filter occurs, and no word that has a `!` before it; capitals do not matter. */
export function filterRows(
  rows: readonly AnyRow[],
  columns: readonly Column<AnyRow>[],
  { filter, now }: { readonly filter: string; readonly now: number },
): readonly AnyRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const cells = columns
      .map((column) => plain(column.cell(row, now)))
      .join('\n')
      .toLowerCase();
    return words.every((word) => (word.startsWith('!') ? !cells.includes(word.slice(1)) : cells.includes(word)));
  });
}

export interface Fitted {
  readonly column: Column<AnyRow>;
  readonly width: number;
}

/**
 * The columns that find room in a width, with a blank between two, and how wide each of them is. Columns make way by rank,
 * the first never; what room is left goes to those that hold longer texts, by rank as well.
 *
 * @param longest columns that the longest text of a column takes
 */
export function fitColumns(
  columns: readonly Column<AnyRow>[],
  width: number,
  longest: (column: Column<AnyRow>) => number,
): readonly Fitted[] {
  const shown = [...columns];
  const least = (): number => shown.reduce((sum, { min }) => sum + min, 0) + shown.length - 1;
  while (shown.length > 1 && least() > width) {
    const highest = Math.max(...shown.slice(1).map(({ rank }) => rank));
    shown.splice(
      shown.findLastIndex(({ rank }, index) => index > 0 && rank === highest),
      1,
    );
  }
  let room = Math.max(0, width - least());
  const widths = new Map(shown.map((column) => [column, Math.min(column.min, Math.max(0, width))]));
  for (const column of [...shown].sort((a, b) => a.rank - b.rank)) {
    if (room === 0) break;
    if (column.max === column.min) continue;
    const more = Math.min(room, Math.max(0, Math.min(column.max, longest(column)) - column.min));
    widths.set(column, (widths.get(column) ?? 0) + more);
    room -= more;
  }
  return shown.map((column) => ({ column, width: widths.get(column) ?? 0 }));
}
