import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { CliDeps } from './ports.ts';
import type { WholeProgram } from './verb.ts';

/** The parser's own goes one word deep: not to `help create project`. */
export function addHelp(program: Command, _deps: CliDeps, whole: WholeProgram): void {
  program
    .command('help')
    .summary('explain a verb')
    .description('Explains a verb, with its flags and examples; without one, lists them.')
    .argument('[verb...]')
    .action(async (words: string[]) => {
      let command = await whole();
      for (const word of words) {
        const next = command.commands.find((one) => one.name() === word && !word.startsWith('_'));
        if (next === undefined) {
          throw new MuxletError('MUX_USAGE', `there is no verb "${words.join(' ')}"`, {
            hint: "'muxlet help' lists them",
          });
        }
        command = next;
      }
      command.outputHelp();
    });
}
