import type { Command } from 'commander';
import { OVERLAY } from '../api/admission.ts';
import { MuxletError } from '../api/errors.ts';
import { confirm } from './confirm.ts';
import { parseDuration } from './duration.ts';
import { placesOf } from './options.ts';
import { type AskContext, type AskFlags, askProjects, chosenProjects } from './overlay/change-overlays.ts';
import type { CliDeps, Places } from './ports.ts';
import { type Say, withProgress } from './progress.ts';
import { renderChanges } from './render/changes.ts';
import { loadView } from './view.ts';
import { changes as changesIn } from './watch.ts';
import { within } from './within.ts';

interface ResetFlags extends AskFlags {
  readonly yes?: true;
  readonly keepWorktrees?: true;
  readonly wait?: true;
  readonly timeout: string;
}

export function addReset(program: Command, deps: CliDeps): void {
  program
    .command('reset')
    .summary('begin projects anew')
    .description(
      "Ends a project's agents and session, as if it had been removed, and begins it anew: another uid, and no session, run, conversation, mailbox or error of the old one. Events and the history of attempts stay. Asks on a terminal; without one it goes ahead.",
    )
    .argument('<resources...>', 'project NAME… or project/NAME…; projects with -l or --all')
    .option('-y, --yes', 'do not ask')
    .option('--keep-worktrees', 'leave work trees and branches as they are, and go on in them')
    .option('--wait', 'wait until the new beginning runs or is over')
    .option('--timeout <duration>', 'how long to wait', '5m')
    .option('-l, --selector <labels>', 'the projects with these labels')
    .option('--all', 'all projects')
    .action(async (resources: string[], flags: ResetFlags, command: Command) => {
      const context = { deps, places: placesOf(command, deps), flags };
      const timeoutMs = parseDuration(flags.timeout);
      await ask(resources, context);
      const old = new Map<string, string>();
      const changes = await askProjects(resources, context, ({ metadata: { name, uid } }) => {
        // What was never begun has nothing to be forgotten.
        if (uid === undefined) return undefined;
        old.set(name, uid);
        // A suspension was of the old object; the new one is asked nothing.
        const keep = flags.keepWorktrees === true ? { [OVERLAY.keepWorkTrees]: uid } : {};
        return { overlay: { [OVERLAY.reset]: uid, ...keep }, verb: 'reset' };
      });
      deps.stdout.write(renderChanges(changes));
      if (flags.wait && old.size > 0) await waitForNew(old, { deps, places: context.places, timeoutMs });
    });
}

/** Without a terminal nobody can be asked, and who calls a verb by name in a script means it. */
async function ask(resources: readonly string[], { deps, places, flags }: AskContext & { readonly flags: ResetFlags }) {
  if (flags.yes || !deps.isTTY.stdin) return;
  const names = chosenProjects(resources, flags, await loadView(deps, places));
  if (names.length === 0) return;
  const question = `This ends the agents of ${names.join(', ')} and forgets their conversations. Go on?`;
  if (!(await confirm(question, deps))) throw new MuxletError('MUX_USAGE', 'nothing was reset');
}

interface WaitContext {
  readonly deps: CliDeps;
  readonly places: Places;
  readonly timeoutMs: number;
}

/** @throws MUX_TIMEOUT that names those which had not begun anew when the time was up */
async function waitForNew(old: ReadonlyMap<string, string>, { deps, places, timeoutMs }: WaitContext): Promise<void> {
  let open = [...old.keys()];
  const look = async (say: Say): Promise<boolean> => {
    const view = await loadView(deps, places);
    const projects = new Map(view.objects('Project').map((project) => [project.metadata.name, project]));
    open = open.filter((name) => {
      const project = projects.get(name);
      if (project === undefined) return false;
      const { uid } = project.metadata;
      if (uid === undefined || uid === old.get(name)) return true;
      const { conditions } = project.status;
      return !conditions.some(({ type, status }) => (type === 'Ready' && status === 'True') || type === 'Complete');
    });
    say(`waiting for ${open.map((name) => `project/${name}`).join(', ')}`);
    return open.length === 0;
  };
  const isDone = await withProgress(deps, async (say) => {
    if (await look(say)) return true;
    const signal = within(timeoutMs, deps.interrupt);
    for await (const _ of changesIn(places, signal)) if (await look(say)) return true;
    return false;
  });
  if (isDone) return;
  throw new MuxletError('MUX_TIMEOUT', `timed out waiting for ${open.map((name) => `project/${name}`).join(', ')}`);
}
