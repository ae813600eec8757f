import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { API_VERSION } from '../api/kinds.ts';
import { type Mismatch, mismatchKey } from '../api/world.ts';
import { audit } from '../reconcile/leftovers/audit.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { parseOutput, renderValue } from './render/output.ts';
import { renderTable } from './render/table.ts';
import { EXIT } from './report-error.ts';
import { pause } from './watch.ts';

/** What is under way is over by the second look, in milliseconds. */
const AGAIN_MS = 1000;

export function addAudit(program: Command, deps: CliDeps): void {
  program
    .command('audit')
    .summary('compare specs, records, tmux, processes and repositories')
    .description(
      'Looks at specs, state, tmux, processes and the repositories of work trees from scratch, twice a second apart, and shows in what they disagree both times. Changes nothing; exits 1 if they disagree in anything.',
    )
    .option('-o, --output <format>', 'json, yaml or jsonpath=TEMPLATE')
    .action(async ({ output }: { output?: string }, command: Command) => {
      const format = parseOutput(output);
      if (format.type === 'Name' || (format.type === 'Table' && format.wide)) {
        throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: json, yaml or jsonpath=TEMPLATE`);
      }
      const mismatches = await auditTwice(placesOf(command, deps), deps);
      if (format.type !== 'Table') {
        const items = mismatches.map(({ type: kind, object, message }) => ({ kind, object, message }));
        deps.stdout.write(renderValue({ apiVersion: API_VERSION, kind: 'MismatchList', items }, format));
      } else if (mismatches.length > 0) {
        deps.stdout.write(
          renderTable(
            [
              { header: 'KIND', cell: ({ type }: Mismatch) => type },
              { header: 'OBJECT', cell: ({ object }: Mismatch) => object },
              { header: 'MESSAGE', cell: ({ message }: Mismatch) => message },
            ],
            mismatches,
          ),
        );
      } else deps.stderr.write('specs, state, tmux, processes and repositories agree\n');
      if (mismatches.length > 0) deps.setExitCode(EXIT.failed);
    });
}

/** What two looks agree on: of one alone, half may only be under way. */
async function auditTwice(places: Places, deps: CliDeps): Promise<readonly Mismatch[]> {
  const first = audit(await deps.rescue.world(places));
  if (first.length === 0) return [];
  await pause(AGAIN_MS, deps.interrupt);
  const second = audit(await deps.rescue.world(places));
  const seen = new Set(first.map(mismatchKey));
  return second.filter((mismatch) => seen.has(mismatchKey(mismatch)));
}
