import { MuxletError } from '../../api/errors.ts';
import { confirm } from '../confirm.ts';
import type { CliDeps } from '../ports.ts';
import { paintFor } from '../render/colour.ts';
import { unifiedDiff } from '../render/unified-diff.ts';
import { advice } from './advice.ts';
import { runAll, standingOf, textOf } from './commands.ts';
import { type FoundFile, findFiles, refuseOthers, refuseWithoutRoot, writeServiceFile } from './files.ts';
import type { Plan } from './plan.ts';

export interface InstallFlags {
  readonly dryRun?: true;
  readonly force?: true;
  /** False: --no-start. */
  readonly start: boolean;
  readonly yes?: true;
}

/** Shows what would be written and run, asks, does it, and says how to look at it. The same once more does nothing. */
export async function install(plan: Plan, flags: InstallFlags, deps: CliDeps): Promise<void> {
  const { manager, service } = plan;
  const { stdout, self } = deps;
  const files = findFiles(manager.files(service));
  const changed = files.filter(({ text, state }) => state.type === 'Absent' || state.text !== text);
  show(changed, deps);
  if (!flags.force) refuseOthers(changed, 'written over');
  const before = flags.start ? await standingOf(plan, deps) : undefined;
  const isActive = before?.isActive === true;
  if (changed.length === 0 && (isActive || !flags.start)) {
    stdout.write(`${service.name} is installed as it is to be${isActive ? `: ${before.words}` : ''}\n`);
    return;
  }
  const commands = flags.start ? manager.startCommands(service, { isActive }) : [];
  if (commands.length > 0) stdout.write(['then:', ...commands.map((argv) => `  ${textOf(argv)}`), ''].join('\n'));
  await warnOfAnother(plan, isActive, deps);
  if (flags.dryRun) return;
  refuseWithoutRoot(service.scope, self.uid, deps);
  if (flags.start && before === undefined) refuseWithoutAnswer(plan);
  if (!flags.yes && !(await confirm(questionOf(changed, commands.length), deps))) {
    throw new MuxletError('MUX_USAGE', 'nothing was written');
  }
  for (const file of changed) {
    writeServiceFile(file);
    stdout.write(`wrote ${file.path}\n`);
  }
  await runAll(commands, deps);
  stdout.write(await advice(plan, deps));
}

/** What could not be started is not written either: it would come to life at some later start of the machine. */
function refuseWithoutAnswer({ manager, service }: Plan): never {
  const why =
    service.scope === 'user'
      ? 'no manager of yours runs, as after su, in cron or in a container'
      : 'it is not what runs this machine, as in a container';
  throw new MuxletError('MUX_COMMAND_FAILED', `${manager.program} gives no answer: ${why}`, {
    hint: 'nothing was written; --no-start writes the files alone, npm start needs no service manager',
  });
}

function show(changed: readonly FoundFile[], { stdout, isTTY, env }: CliDeps): void {
  const paint = paintFor(isTTY.stdout, env);
  for (const { path, text, state } of changed) {
    const isNew = state.type === 'Absent';
    const diff = unifiedDiff(isNew ? '' : state.text, text, [isNew ? '/dev/null' : path, path]);
    stdout.write(diff.replaceAll(/^[-+].*$/gm, (line) => paint(line.startsWith('+') ? 'green' : 'red', line)));
  }
}

function questionOf(changed: readonly FoundFile[], commands: number): string {
  const write =
    changed.length === 0 ? [] : [`write ${changed.length === 1 ? 'this file' : `these ${changed.length} files`}`];
  const run = commands === 0 ? [] : ['run these commands'];
  const text = [...write, ...run].join(' and ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}?`;
}

/** A controller that somebody started by hand holds the locks that the service's needs. */
async function warnOfAnother({ service }: Plan, isActive: boolean, deps: CliDeps): Promise<void> {
  if (isActive) return;
  const running = await deps.controller.find(service.places);
  if (running === undefined) return;
  deps.stderr.write(
    `a controller runs already (process ${running.pid}); the service's takes over once you have ended that one (Ctrl-C), ` +
      'and the agents go on meanwhile\n',
  );
}
