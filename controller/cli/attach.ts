import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { PaneRef, SessionRef } from '../api/generated/all.ts';
import { quoteArgv } from '../api/quote-argv.ts';
import { chooseAgent, findProject, parseTarget } from './one-object.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { loadView } from './view.ts';

interface AttachFlags {
  readonly agent?: string;
  readonly readOnly?: true;
}

export function addAttach(program: Command, deps: CliDeps): void {
  program
    .command('attach')
    .summary("go to a project's tmux session")
    .description("Goes to a project's tmux session. Detach with tmux's prefix and d (C-b d); the agents go on.")
    .argument('<project>', 'PROJECT, project/PROJECT or PROJECT.AGENT')
    .option('-a, --agent <name>', "go to this agent's window")
    .option('-r, --read-only', 'look only: keys are not passed on')
    .action(async (argument: string, flags: AttachFlags, command: Command) => {
      const target = parseTarget(argument, flags.agent);
      const { status } = findProject(await loadView(deps, placesOf(command, deps)), target.project);
      if (status.session === undefined) {
        throw new MuxletError('MUX_NOT_FOUND', `project "${target.project}" has no session yet`, {
          hint: `see 'muxlet describe project ${target.project}'`,
        });
      }
      const pane =
        target.agent === undefined ? undefined : paneOf(chooseAgent(target.project, status.agents, target.agent));
      const argv = attachCommand(status.session, pane, flags.readOnly ?? false);
      if (!deps.isTTY.stdin || !deps.isTTY.stdout) {
        throw new MuxletError('MUX_NO_TERMINAL', 'attach needs a terminal', {
          hint: `in one, run: ${quoteArgv(argv)}`,
        });
      }
      if (deps.env['TMUX'] !== undefined) {
        deps.stderr.write(
          'attaching within tmux: detach from the inner session with the prefix twice and d (C-b C-b d)\n',
        );
      }
      deps.setExitCode(await deps.programs.runInTerminal(argv, { ...deps.env, TMUX: undefined, TMUX_PANE: undefined }));
    });
}

function paneOf({ name, pane }: { readonly name: string; readonly pane?: PaneRef }): PaneRef {
  if (pane !== undefined) return pane;
  throw new MuxletError('MUX_NOT_FOUND', `agent "${name}" has no pane now`);
}

/**
 * Sessions, windows and panes are named by id, so that a renamed or moved one is still the one that is meant. The
 * pane is chosen before attaching: its window and itself are then the current ones of the session.
 */
function attachCommand(session: SessionRef, pane: PaneRef | undefined, readOnly: boolean): readonly string[] {
  const select = pane === undefined ? [] : ['select-window', '-t', pane.window, ';', 'select-pane', '-t', pane.id, ';'];
  const attach = ['attach-session', ...(readOnly ? ['-r'] : []), '-t', session.id];
  return ['tmux', '-L', session.server, ...select, ...attach];
}
