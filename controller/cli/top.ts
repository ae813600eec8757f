import { type Command, Option } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { parseDuration } from './duration.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { parseSelector } from './selector.ts';

interface TopFlags {
  readonly project?: string;
  readonly selector?: string;
  readonly interval: string;
  readonly once?: true;
  readonly color: boolean;
}

/** Below that nobody can follow, and it only uses the processor. Milliseconds. */
const LEAST_INTERVAL_MS = 100;

const VIEWS = { agents: 'Agents', projects: 'Projects', queues: 'Queues' } as const;

export function addTop(program: Command, deps: CliDeps): void {
  program
    .command('top')
    .summary('watch all of it, live')
    .description(
      'Shows agents, projects and queues as they change, with what their processes use: a full screen with keys (?), or one frame as a table where there is no terminal.',
    )
    .argument('[view]', 'agents, projects or queues', 'agents')
    .option('--project <name>', 'only this project')
    .option('-l, --selector <labels>', 'only projects, with their agents, and queues with these labels')
    .addOption(new Option('--interval <duration>', 'between two looks').default('500ms'))
    .option('--once', 'print one frame, as a table with all columns')
    .option('--no-color', 'without colours (env: NO_COLOR)')
    .action(async (word: string, flags: TopFlags, command: Command) => {
      const request = {
        view: viewNamed(word),
        selector: parseSelector(flags.selector ?? ''),
        project: flags.project,
        intervalMs: parseInterval(flags.interval),
        once: flags.once === true || !canDraw(deps),
        colours: flags.color && !deps.env['NO_COLOR'],
      };
      // The terminal library takes longer to load than most verbs to run.
      const { runTop } = await import('./top/run-top.ts');
      await runTop(deps, placesOf(command, deps), request);
    });
}

/** Both ends are a terminal, and one on which the cursor can be moved. */
function canDraw({ isTTY, env }: Pick<CliDeps, 'isTTY' | 'env'>): boolean {
  return isTTY.stdin && isTTY.stdout && env['TERM'] !== 'dumb' && (env['TERM'] ?? '') !== '';
}

/** @throws MUX_USAGE */
function viewNamed(word: string): (typeof VIEWS)[keyof typeof VIEWS] {
  const found = Object.entries(VIEWS).find(([name]) => name === word || name.slice(0, -1) === word)?.[1];
  if (found !== undefined) return found;
  throw new MuxletError('MUX_USAGE', `there is no view "${word}"`, { hint: `one of ${Object.keys(VIEWS).join(', ')}` });
}

/** @throws MUX_USAGE */
function parseInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms >= LEAST_INTERVAL_MS) return ms;
  throw new MuxletError('MUX_USAGE', `--interval ${text} is too short`, { hint: `${LEAST_INTERVAL_MS}ms or longer` });
}
