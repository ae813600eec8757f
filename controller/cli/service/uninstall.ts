import { MuxletError } from '../../api/errors.ts';
import { confirm } from '../confirm.ts';
import type { CliDeps } from '../ports.ts';
import { runAll, textOf } from './commands.ts';
import { findFiles, refuseOthers, refuseWithoutRoot, removeServiceFile } from './files.ts';
import type { Plan } from './plan.ts';

export interface UninstallFlags {
  readonly force?: true;
  readonly yes?: true;
}

/** Ends the controller's service and removes its files. Agents, specs and state stay. */
export async function uninstall({ manager, service }: Plan, flags: UninstallFlags, deps: CliDeps): Promise<void> {
  const { stdout, self } = deps;
  const there = findFiles(manager.files(service)).filter(({ state }) => state.type !== 'Absent');
  if (there.length === 0) {
    stdout.write(`${service.name} is not installed\n`);
    return;
  }
  if (!flags.force) refuseOthers(there, 'removed');
  const commands = manager.stopCommands(service);
  stdout.write(
    [
      ...commands.map((argv) => `would run     ${textOf(argv)}`),
      ...there.map(({ path }) => `would remove  ${path}`),
      '',
    ].join('\n'),
  );
  refuseWithoutRoot(service.scope, self.uid, deps);
  if (!flags.yes && !(await confirm('End the controller and remove these files? The agents go on.', deps))) {
    throw new MuxletError('MUX_USAGE', 'nothing was removed');
  }
  // Where it was never taken in there is nothing to end, and the files are to go all the same.
  await runAll(commands, deps).catch((error: unknown) => {
    deps.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  });
  for (const { path } of there) {
    removeServiceFile(path);
    stdout.write(`removed ${path}\n`);
  }
  await runAll(manager.forgetCommands(service), deps).catch((error: unknown) => {
    deps.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  });
  stdout.write("the agents go on, and nobody looks after them; 'muxlet down' ends them\n");
}
