import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { SCRIPTS, type Shell } from './completion/scripts.ts';
import type { CliDeps } from './ports.ts';

export function addCompletion(program: Command, deps: CliDeps): void {
  program
    .command('completion')
    .summary('print a script that completes commands in your shell')
    .description('Prints a script that completes commands: source <(muxlet completion bash).')
    .argument('<shell>', Object.keys(SCRIPTS).join(', '))
    .action((shell: string) => {
      const script = SCRIPTS[shell as Shell];
      if (script === undefined) {
        throw new MuxletError('MUX_USAGE', `unsupported shell type "${shell}"`, {
          hint: `one of ${Object.keys(SCRIPTS).join(', ')}`,
        });
      }
      deps.stdout.write(script);
    });
}
