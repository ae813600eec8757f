import type { Command } from 'commander';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { type InstallFlags, install } from './service/install.ts';
import { planService, type ServiceFlags } from './service/plan.ts';
import { status } from './service/status.ts';
import { type UninstallFlags, uninstall } from './service/uninstall.ts';

export function addService(program: Command, deps: CliDeps): void {
  const service = program
    .command('service')
    .summary('run the controller as a service')
    .description(
      'Has systemd or launchd run the controller, with the specs, state and tmux server of this command line. Agents go on whatever becomes of the service.',
    );

  const verb = (name: string, summary: string) =>
    service
      .command(name)
      .summary(summary)
      .option('--user', 'your own service (default, but for root)')
      .option('--system', "the machine's service (default for root)");

  verb('install', 'write and start it')
    .description(
      'Shows the files that it would write, as a diff, and the commands that it would run; then asks, writes and runs. What it did not write, or was changed since, it does not write over. The same once more does nothing.',
    )
    .option('--listen <host:port>', 'where /metrics and /healthz are, as of muxlet run')
    .option('--run-as <account>', 'the account that a service of the machine runs under (default: who called sudo)')
    .option('--dry-run', 'only show')
    .option('--no-start', 'only write the files')
    .option('--force', 'write over what muxlet did not write')
    .option('-y, --yes', 'do not ask')
    .action(async (flags: ServiceFlags & InstallFlags, command: Command) => {
      await install(planService(flags, placesOf(command, deps), deps), flags, deps);
    });

  verb('uninstall', 'end and remove it')
    .description('Ends the service and removes its files. Agents, specs and state stay.')
    .option('--force', 'remove what muxlet did not write')
    .option('-y, --yes', 'do not ask')
    .action(async (flags: ServiceFlags & UninstallFlags, command: Command) => {
      await uninstall(planService(flags, placesOf(command, deps), deps), flags, deps);
    });

  verb('status', 'show how it stands')
    .description('Shows its files and how it stands. Changes nothing; exits 1 if it does not run.')
    .action(async (flags: ServiceFlags, command: Command) => {
      await status(planService(flags, placesOf(command, deps), deps), deps);
    });
}
