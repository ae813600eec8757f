import type { CliDeps } from '../ports.ts';
import { renderTable } from '../render/table.ts';
import { columnsOf } from './columns.ts';
import type { Facts, View } from './facts.ts';
import { rowsInView } from './frame.ts';
import { firstModel } from './model.ts';
import { plain } from './text.ts';

/** One frame as a table with all its columns, for pipes and files. */
export function printOnce(
  facts: Facts,
  view: View,
  { stdout, stderr, now }: Pick<CliDeps, 'stdout' | 'stderr' | 'now'>,
): void {
  const { controller, asOf, unreadable } = facts;
  if (controller === undefined) {
    const when = asOf === undefined ? 'the specs alone' : `as of ${new Date(asOf).toISOString()}`;
    stderr.write(`no controller runs; what is shown is ${when}\n`);
  }
  if (unreadable !== '') stderr.write(`${plain(unreadable)}\n`);
  const rows = rowsInView(facts, firstModel(view, {}), now());
  if (rows.length === 0) {
    stderr.write('No resources found\n');
    return;
  }
  const columns = columnsOf(view).map(({ header, cell }) => ({
    header,
    cell: (row: (typeof rows)[number]) => plain(cell(row, now())),
  }));
  stdout.write(renderTable(columns, rows));
}
