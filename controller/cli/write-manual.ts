import type { Command } from 'commander';
import type { CliDeps } from './ports.ts';
import { manualOf } from './render/manual.ts';
import type { WholeProgram } from './verb.ts';

/** For the build: prints the manual page. */
export function addWriteManual(program: Command, deps: CliDeps, whole: WholeProgram): void {
  program
    .command('__manual', { hidden: true })
    .helpOption(false)
    .action(async () => {
      deps.stdout.write(manualOf(await whole(), deps.version));
    });
}
