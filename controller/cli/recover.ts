import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { parseTarget } from './one-object.ts';
import { placesOf, shortPath } from './options.ts';
import type { CliDeps } from './ports.ts';
import { writeDiagnostics } from './recover/diagnostics.ts';
import { killZombies } from './recover/kill-zombie.ts';
import { listStuck } from './recover/list.ts';
import { parseOutput } from './render/output.ts';

export function addRecover(program: Command, deps: CliDeps): void {
  const verb = program
    .command('recover')
    .summary('find what is stuck, and help it on')
    .description(
      'Finds what does not go on by itself, ends what is left over, and gathers what a report of a bug needs.',
    );
  verb
    .command('list')
    .summary('show what does not go on by itself')
    .description(
      'Shows all that is stuck, stalled, failed, left over, being removed, kept, or waits for a person, with its cause and the next step as a command. Changes nothing.',
    )
    .option('-o, --output <format>', 'json, yaml or jsonpath=TEMPLATE')
    .action(async ({ output }: { output?: string }, command: Command) => {
      const format = parseOutput(output);
      if (format.type === 'Name' || (format.type === 'Table' && format.wide)) {
        throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: json, yaml or jsonpath=TEMPLATE`);
      }
      await listStuck(placesOf(command, deps), deps, format);
    });
  verb
    .command('kill-zombie')
    .summary('end what is left over')
    .description(
      "Ends now what the controller would end later: processes whose pane is gone, and orphans whatever their age; TERM, 10 seconds, KILL. Only what bears this controller's mark.",
    )
    .argument('[names...]', 'PROJECT or project/PROJECT')
    .option('--all', 'of all projects')
    .action(async (names: string[], { all }: { all?: true }, command: Command) => {
      if (names.length === 0 && !all) throw new MuxletError('MUX_USAGE', 'name the projects, or give --all');
      if (names.length > 0 && all) throw new MuxletError('MUX_USAGE', 'names and --all cannot be given together');
      const projects = names.map((name) => parseTarget(name, undefined).project);
      await killZombies({ names: projects }, placesOf(command, deps), deps);
    });
  verb
    .command('diagnostics')
    .summary('write one file for a report of a bug')
    .description(
      'Writes versions, checks, specs, status, events, the journal, problems, metrics, the last output of each agent and what is in tmux into one archive. The values of variables are taken out.',
    )
    .option('-o, --output <file>', 'the archive (default: muxlet-diagnostics-TIME.tar.gz here)')
    .action(async ({ output }: { output?: string }, command: Command) => {
      const path = await writeDiagnostics(output, placesOf(command, deps), deps);
      deps.stdout.write(`${shortPath(deps.cwd, path)}\n`);
    });
}
