import type { Command } from 'commander';
import { OVERLAY } from '../api/admission.ts';
import { placesOf } from './options.ts';
import { type AskFlags, askProjects } from './overlay/change-overlays.ts';
import type { CliDeps } from './ports.ts';
import { renderChanges } from './render/changes.ts';

interface SuspendFlags extends AskFlags {
  readonly keepSession?: true;
}

export function addSuspend(program: Command, deps: CliDeps): void {
  program
    .command('suspend')
    .summary('have projects stand still')
    .description(
      "Ends a project's agents, each its class's way, and its session, and starts nothing until 'muxlet resume'; the agents go on in their conversations then. The spec file stays as it is.",
    )
    .argument('<resources...>', 'project NAME… or project/NAME…; projects with -l or --all')
    .option('--keep-session', 'leave what runs alone, and start, restart and say nothing')
    .option('-l, --selector <labels>', 'the projects with these labels')
    .option('--all', 'all projects')
    .action(async (resources: string[], flags: SuspendFlags, command: Command) => {
      const places = placesOf(command, deps);
      const changes = await askProjects(resources, { deps, places, flags }, ({ spec }, before) => {
        const way = flags.keepSession ? 'KeepSession' : (spec?.suspendPolicy ?? 'EndSession');
        if (before[OVERLAY.suspend] === way) return undefined;
        return { overlay: { ...before, [OVERLAY.suspend]: way }, verb: 'suspended' };
      });
      deps.stdout.write(renderChanges(changes));
    });
}
