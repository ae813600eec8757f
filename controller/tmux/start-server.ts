import { runCommand } from '../exec/run-command.ts';
import { tmuxEnvironment } from './environment.ts';
import { scopeWords } from './scope.ts';
import { startCommands } from './server-options.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Commands = readonly (readonly string[])[];

const COMMAND_TIMEOUT_MS = 10_000;

/** Starts a server and its anchor. @returns what went wrong, if anything did. */
export async function startServer(name: string, env: Env): Promise<string | undefined> {
  // One descriptor a pane: the server gets all that the system allows. The text is fixed; data are its arguments.
  const raise = 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$@"';
  const command = ['sh', '-c', raise, 'sh', ...tmuxWords(name, startCommands())];
  const scope = scopeWords(env, process.getuid?.() ?? 0);
  const run = ([file = '', ...args]: readonly string[]) =>
    runCommand(file, args, { timeoutMs: COMMAND_TIMEOUT_MS, env: tmuxEnvironment(env), cwd: '/' });
  const scoped = scope.length === 0 ? undefined : await run([...scope, ...command]);
  // Without a scope the agents end with the service: worse than with one, and better than none.
  const result = scoped?.ok === true ? scoped : await run(command);
  return result.ok ? undefined : `the tmux server could not be started: ${result.stderr || result.stdout}`.trim();
}

/** Runs commands on a server by a client of their own, while there is no connection. */
export async function runCommands(name: string, env: Env, commands: Commands): Promise<void> {
  const [file = '', ...args] = tmuxWords(name, commands);
  await runCommand(file, args, { timeoutMs: COMMAND_TIMEOUT_MS, env: tmuxEnvironment(env) });
}

/** Commands as one argument list, in the form of the command line: separated by ';'. */
function tmuxWords(name: string, commands: Commands): string[] {
  const words = commands.flatMap((command, index) => (index === 0 ? [...command] : [';', ...command]));
  return ['tmux', '-L', name, '-f', '/dev/null', ...words];
}
