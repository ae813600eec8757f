import type { KindInfo } from '../../api/kinds.ts';
import type { ApiObject } from '../object.ts';
import { columnsOf } from './columns.ts';
import { type OutputFormat, renderObjects } from './output.ts';
import { startTable } from './table.ts';

export interface ObjectPrinterOptions {
  readonly format: OutputFormat;
  readonly query: { readonly kinds: readonly KindInfo[]; readonly mixed: boolean };
  readonly headers: boolean;
  /** Whether an object that is alone is printed by itself rather than in a List. */
  readonly single: boolean;
  now(): number;
}

/**
 * A printer of objects in one format, which may be called again with those that changed: a table then goes on without
 * its headings, and each object of the other formats is printed by itself.
 */
export function startObjectPrinter(options: ObjectPrinterOptions): (objects: readonly ApiObject[]) => string {
  const { format } = options;
  if (format.type === 'Table') return startTables(options, format.wide);
  let started = false;
  return (objects) => {
    if (started) return objects.map((object) => renderObjects([object], format, true)).join('');
    started = true;
    return renderObjects(objects, format, options.single);
  };
}

/** A table a kind, an empty line between them, kinds without objects left out: as kubectl get all. */
function startTables({ query, headers, now }: ObjectPrinterOptions, wide: boolean) {
  const tables = new Map<string, (rows: readonly ApiObject[]) => string>();
  return (objects: readonly ApiObject[]) =>
    query.kinds
      .flatMap(({ kind }) => {
        const rows = objects.filter((object) => object.kind === kind);
        if (rows.length === 0) return [];
        const table = tables.get(kind) ?? startTable(columnsOf(kind, now, query.mixed), { wide, headers });
        tables.set(kind, table);
        return [table(rows)];
      })
      .join('\n');
}
