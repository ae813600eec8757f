import type { Command } from 'commander';
import type { CliDeps } from './ports.ts';
import { manualOf } from './render/manual.ts';

/** For the build: prints the manual page. */
export function addWriteManual(program: Command, deps: CliDeps): void {
  program
    .command('__manual', { hidden: true })
    .helpOption(false)
    .action(() => {
      deps.stdout.write(manualOf(program, deps.version));
    });
}
