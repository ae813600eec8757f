import { API_VERSION } from '../../api/kinds.ts';
import { findLeftovers } from '../../reconcile/leftovers/find-leftovers.ts';
import { keptWork } from '../../reconcile/leftovers/kept-work.ts';
import type { CliDeps, Places } from '../ports.ts';
import { formatAge } from '../render/age.ts';
import { type ObjectFormat, type OutputFormat, renderValue } from '../render/output.ts';
import { renderTable } from '../render/table.ts';
import { loadView, noteAbsentController } from '../view.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './findings.ts';

export async function listStuck(
  places: Places,
  deps: CliDeps,
  format: Exclude<OutputFormat, ObjectFormat & { readonly type: 'Name' }>,
): Promise<void> {
  const view = await loadView(deps, places);
  noteAbsentController(view, deps);
  const world = await deps.rescue.world(places);
  const findings = findingsOf(view, findLeftovers(world), keptWork(world));
  if (format.type !== 'Table') {
    deps.stdout.write(renderValue({ apiVersion: API_VERSION, kind: 'FindingList', items: findings }, format));
    return;
  }
  if (findings.length === 0) {
    deps.stderr.write('nothing is stuck, and nothing waits for anybody\n');
    return;
  }
  deps.stdout.write(
    renderTable(
      [
        { header: 'OBJECT', cell: ({ object }: Finding) => object },
        { header: 'STATE', cell: ({ state }: Finding) => state },
        { header: 'AGE', cell: ({ since }: Finding) => formatAge(since, deps.now()) },
        { header: 'CAUSE', cell: causeOf },
        { header: 'NEXT', cell: ({ next }: Finding) => next },
      ],
      findings,
    ),
  );
}

function causeOf({ cause, letGo }: Finding): string {
  const text = cause.replaceAll(/\s+/g, ' ');
  return letGo === undefined ? text : `${text}; to let it go: ${letGo}`;
}
