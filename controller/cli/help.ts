import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';

/** The parser's own goes one word deep: not to `help create project`. */
export function addHelp(program: Command): void {
  program.helpCommand(false);
  program
    .command('help')
    .summary('explain a verb')
    .description('Explains a verb, with its flags and examples; without one, lists them.')
    .argument('[verb...]')
    .action((words: string[]) => {
      let command = program;
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
