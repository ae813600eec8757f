import type { Owner } from '../api/action.ts';
import type { DesiredAgent } from '../api/desired.ts';
import { markPane, markWindow } from '../tmux/marks.ts';
import { quote, quoteFormat } from '../tmux/quote.ts';

/** One start of one agent, with every value at hand. It lives for the moment of the start and is written nowhere. */
export interface Launch {
  readonly owner: Owner;
  readonly agent: DesiredAgent;
  readonly run: string;
  /** Program and arguments, as its class says. */
  readonly argv: readonly string[];
  /** The agent's own variables, secrets included. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether the program is sure to be executed, so that no shell is needed to say that it was not. */
  readonly isSure: boolean;
  /** A FIFO that the agent holds open while it lives, where one is needed. */
  readonly fifo: string | undefined;
}

type Command = readonly string[];

// A program that is there is executed by tmux itself. Any other by sh, which gives its place to the agent (exec), so the pane's
// process is the agent itself, and says what is wrong where there is no such program; tmux alone would say nothing. The text
// is fixed; data are its arguments.
const GIVE_PLACE = 'exec "$@"';
// Read-write, opening the FIFO never waits; closed with the process, it tells of the end within a millisecond.
const HOLD_FIFO = `[ -p "$0" ] && exec 9<>"$0"; ${GIVE_PLACE}`;

/** `-c DIR -e NAME=value … -- argv`: the part that new-session, new-window, split-window and respawn-pane share. */
export function launchWords(launch: Launch): string[] {
  const { agent } = launch;
  const variables = Object.entries(givenTo(launch)).flatMap(([name, value]) => ['-e', quote(`${name}=${value}`)]);
  return ['-c', quoteFormat(agent.workingDir), ...variables, '--', ...argvOf(launch)];
}

/**
 * All variables that tmux is told, which new-session -e leaves in the session's environment, to be taken out of it again. Up to
 * 3.2a it leaves PWD as its server was given it, and a shell puts that right; some programs believe it.
 */
export function givenTo(launch: Launch): Record<string, string> {
  return { ...(isDirect(launch) && { PWD: launch.agent.workingDir }), ...environmentOf(launch) };
}

/** The same for a tmux whose new-session knows no -e: the directory alone, and a process that waits to be replaced. */
export function placeholderWords({ agent }: Launch): string[] {
  return ['-c', quoteFormat(agent.workingDir), '--', 'sleep', '60'];
}

/** The variables of an agent, and of what runs beside it. */
export function environmentOf({
  owner,
  agent,
  run,
  variables,
}: Omit<Launch, 'argv' | 'fifo' | 'isSure'>): Record<string, string> {
  return {
    ...variables,
    MUXLET_UID: owner.uid,
    MUXLET_PROJECT: owner.project,
    MUXLET_AGENT: agent.name,
    MUXLET_RUN: run,
  };
}

/** The commands that mark a new pane and its window; `target` names the window by a place that is known beforehand. */
export function markCommands(target: string, { owner, agent, run }: Launch): Command[] {
  const marks = { ...owner, agent: agent.name, hash: agent.launchHash, run };
  return [...markWindow(target, marks), ...markPane(target, marks)];
}

/** Executed by tmux itself. A single word it would give to a shell, as its text. */
function isDirect({ argv, fifo, isSure }: Launch): boolean {
  return isSure && fifo === undefined && argv.length > 1;
}

function argvOf(launch: Launch): string[] {
  const { argv, fifo } = launch;
  if (isDirect(launch)) return argv.map(quote);
  const start = fifo === undefined ? [GIVE_PLACE, 'sh'] : [HOLD_FIFO, fifo];
  return ['sh', '-c', ...start, ...argv].map(quote);
}
