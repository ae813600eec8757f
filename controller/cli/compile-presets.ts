import { renameSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { compilePresets } from '../store/specs/presets.ts';

/** For the build: writes what the presets hold, parsed and validated, so that no verb has to do it again. */
export function addCompilePresets(program: Command, directory: string): void {
  program
    .command('__compile-presets', { hidden: true })
    .argument('<file>')
    .helpOption(false)
    .action((file: string) => {
      // Whoever starts meanwhile finds all of it or none.
      const next = `${file}.${process.pid}`;
      writeFileSync(next, JSON.stringify(compilePresets(directory)));
      renameSync(next, file);
    });
}
