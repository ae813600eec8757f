import type { Command } from 'commander';
import { examine } from './doctor/checks.ts';
import type { Finding } from './doctor/facts.ts';
import { gatherFacts } from './doctor/gather-facts.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { type Colour, paintFor } from './render/colour.ts';
import { renderTable } from './render/table.ts';
import { EXIT } from './report-error.ts';

const COLOURS: Readonly<Record<Finding['result'], Colour>> = { OK: 'green', INFO: 'cyan', WARN: 'yellow', FAIL: 'red' };

export function addDoctor(program: Command, deps: CliDeps): void {
  program
    .command('doctor')
    .summary('check the machine')
    .description(
      'Checks at once everything that muxlet needs of the machine, and says what to do about what is missing.',
    )
    .action(async (_flags: unknown, command: Command) => {
      const findings = examine(await gatherFacts(placesOf(command, deps), deps));
      const paint = paintFor(deps.isTTY.stdout, deps.env);
      const table = renderTable(
        [
          { header: 'RESULT', cell: ({ result }: Finding) => result },
          { header: 'CHECK', cell: ({ check }: Finding) => check },
          { header: 'WHAT', cell: ({ message }: Finding) => message },
          { header: 'REMEDY', cell: ({ remedy }: Finding) => remedy ?? '-' },
        ],
        findings,
      );
      // Coloured after it was aligned, since a colour has no width.
      deps.stdout.write(
        table.replaceAll(/^(OK|INFO|WARN|FAIL)\b/gm, (word) => paint(COLOURS[word as Finding['result']], word)),
      );
      if (findings.some(({ result }) => result === 'FAIL')) deps.setExitCode(EXIT.failed);
    });
}
