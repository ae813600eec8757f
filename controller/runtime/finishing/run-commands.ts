import type { TimedCommand } from '../../api/finishing.ts';
import { endProcesses } from './end-processes.ts';
import type { CommandLog, RoundPorts } from './ports.ts';

export interface CommandRun {
  readonly commands: readonly TimedCommand[];
  readonly cwd: string;
  /** Beside what every command has. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: CommandLog;
  /** Told before each command. */
  readonly onCommand?: (command: string) => void;
}

export type CommandsEnd =
  | { readonly type: 'Passed' }
  | { readonly type: 'Failed' | 'Unknown'; readonly command: string; readonly message: string }
  | { readonly type: 'Aborted' };

/**
 * Runs commands one after the other, up to the first that fails. What one left running is ended before the next.
 *
 * @throws MuxletError if processes cannot be ended
 */
export async function runCommands(
  { commands, cwd, env, log, onCommand }: CommandRun,
  ports: Pick<RoundPorts, 'commands' | 'processes'>,
  signal: AbortSignal,
): Promise<CommandsEnd> {
  for (const command of commands) {
    const text = commandText(command);
    onCommand?.(text);
    log.note(`$ ${text}`);
    const end = await ports.commands.run(command, { cwd, env, log }, signal);
    await endProcesses(ports.processes);
    if (end.type === 'Passed') continue;
    if (end.type === 'Aborted') return end;
    log.note(end.message);
    return { ...end, command: text };
  }
  return { type: 'Passed' };
}

/** As a person would write it. */
export function commandText({ argv }: TimedCommand): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
