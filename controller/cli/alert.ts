import type { Command } from 'commander';
import { testAlert } from './alert/test-alert.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';

export function addAlert(program: Command, deps: CliDeps): void {
  const verb = program
    .command('alert')
    .summary('try who is told of events')
    .description('Works with Alerts: who hears of which events.');
  verb
    .command('test')
    .summary('tell the receivers of an Alert something, to see whether it arrives')
    .description(
      'Sends one notification to each receiver of an Alert, and says what became of it; exits 1 if one did not take it. It is sent from here, whether a controller runs or not: variables that the Alert names for its secrets are those of this shell.',
    )
    .argument('<name>', 'NAME or alert/NAME')
    .option('--receiver <name>', 'this receiver alone')
    .action(async (name: string, { receiver }: { receiver?: string }, command: Command) => {
      await testAlert({ name, receiver }, placesOf(command, deps), deps);
    });
}
