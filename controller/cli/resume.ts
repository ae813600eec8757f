import type { Command } from 'commander';
import { OVERLAY } from '../api/admission.ts';
import { MuxletError } from '../api/errors.ts';
import { placesOf } from './options.ts';
import { type AskFlags, askProjects, without } from './overlay/change-overlays.ts';
import type { CliDeps } from './ports.ts';
import { renderChanges } from './render/changes.ts';

export function addResume(program: Command, deps: CliDeps): void {
  program
    .command('resume')
    .summary('have suspended projects go on')
    .description("Takes back 'muxlet suspend': agents that were ended are started again, in their conversations.")
    .argument('<resources...>', 'project NAME… or project/NAME…; projects with -l or --all')
    .option('-l, --selector <labels>', 'the projects with these labels')
    .option('--all', 'all projects')
    .action(async (resources: string[], flags: AskFlags, command: Command) => {
      const places = placesOf(command, deps);
      const changes = await askProjects(resources, { deps, places, flags }, ({ metadata, spec }, before) => {
        if (spec?.suspend === true) {
          throw new MuxletError('MUX_CONFLICT', `project/${metadata.name} is suspended by its own spec`, {
            hint: `take suspend: true out of it: muxlet edit project ${metadata.name}`,
          });
        }
        if (before[OVERLAY.suspend] === undefined) return undefined;
        return { overlay: without(before, OVERLAY.suspend), verb: 'resumed' };
      });
      deps.stdout.write(renderChanges(changes));
    });
}
