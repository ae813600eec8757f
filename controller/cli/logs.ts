import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { parseDuration } from './duration.ts';
import { agentsOf } from './merge.ts';
import { chooseAgent, findProject, parseTarget } from './one-object.ts';
import { placesOf } from './options.ts';
import type { AgentLog, CliDeps, LogLine } from './ports.ts';
import { loadView, noteAbsentController } from './view.ts';

interface LogsFlags {
  readonly agent?: string;
  readonly follow?: true;
  readonly tail?: string;
  readonly previous?: true;
  readonly since?: string;
  readonly timestamps?: true;
}

interface LogFilter {
  /** Lines from the end; undefined for all. */
  readonly tail: number | undefined;
  /** Milliseconds since the epoch. */
  readonly from: number | undefined;
  readonly previous: boolean;
}

export function addLogs(program: Command, deps: CliDeps): void {
  program
    .command('logs')
    .summary("show an agent's output")
    .description("Shows what is kept of an agent's output, across its restarts.")
    .argument('<project>', 'PROJECT, project/PROJECT or PROJECT.AGENT')
    .option('-a, --agent <name>', 'the agent; may be left out where the project has one only')
    .option('-f, --follow', 'then show what the agent prints, until Ctrl-C')
    .option('--tail <lines>', 'only so many of the last lines')
    .option('-p, --previous', 'only the run before the present one')
    .option('--since <duration>', 'only what was printed in the last 5s, 2m or 3h')
    .option('--timestamps', 'with the time before each line')
    .action(async (argument: string, flags: LogsFlags, command: Command) => {
      const target = parseTarget(argument, flags.agent);
      const filter: LogFilter = {
        tail: parseTail(flags.tail),
        from: flags.since === undefined ? undefined : deps.now() - parseDuration(flags.since),
        previous: flags.previous ?? false,
      };
      if (flags.follow && flags.previous) {
        throw new MuxletError('MUX_USAGE', 'a previous run cannot be followed: it has ended');
      }
      const places = placesOf(command, deps);
      const view = await loadView(deps, places);
      noteAbsentController(view, deps);
      const project = findProject(view, target.project);
      const agents = agentsOf(project).map(({ status }) => status);
      const { uid, name, run } = chooseAgent(target.project, agents, target.agent);
      const log = uid === '' ? NOTHING : await deps.logs.open(places, uid);
      const print = (line: LogLine) => deps.stdout.write(renderLine(line, flags.timestamps ?? false));
      const selected = selectLines(log.lines, filter, run);
      if (filter.previous && selected.length === 0) {
        throw new MuxletError(
          'MUX_NOT_FOUND',
          `previous run of agent "${name}" in project ${target.project} not found`,
        );
      }
      selected.forEach(print);
      if (!flags.follow) return;
      for await (const line of log.follow(deps.interrupt)) print(line);
    });
}

/** Of an agent that no controller has seen yet. */
const NOTHING: AgentLog = { lines: [], async *follow() {} };

function parseTail(text: string | undefined): number | undefined {
  if (text === undefined || text === '-1') return undefined;
  if (!/^\d+$/.test(text)) throw new MuxletError('MUX_USAGE', `--tail takes a number of lines, not "${text}"`);
  return Number(text);
}

function selectLines(
  lines: readonly LogLine[],
  { tail, from, previous }: LogFilter,
  run: string | undefined,
): readonly LogLine[] {
  const ofRun = previous ? previousRun(lines, run ?? lines.at(-1)?.run) : lines;
  const recent = from === undefined ? ofRun : ofRun.filter(({ at }) => at >= from);
  return tail === undefined ? recent : recent.slice(Math.max(0, recent.length - tail));
}

/** The last run that printed anything, before the present one. */
function previousRun(lines: readonly LogLine[], present: string | undefined): readonly LogLine[] {
  const previous = lines.findLast(({ run }) => run !== present)?.run;
  return lines.filter(({ run }) => run === previous);
}

function renderLine({ at, text }: LogLine, timestamps: boolean): string {
  return timestamps ? `${new Date(at).toISOString()} ${text}\n` : `${text}\n`;
}
