import { randomBytes } from 'node:crypto';
import { runCommand } from '../exec/run-command.ts';
import { tmuxEnvironment } from './environment.ts';
import { scopeUnit, scopeWords } from './scope.ts';
import { startCommands } from './server-options.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Commands = readonly (readonly string[])[];

const COMMAND_TIMEOUT_MS = 10_000;

/** Starts a server and its anchor. @returns what went wrong, if anything did. */
export async function startServer(name: string, env: Env): Promise<string | undefined> {
  // One descriptor a pane: the server gets all that the system allows. What says of which service one is (systemd-run sets
  // it for a scope) is no agent's business. The text is fixed; data are its arguments.
  const raise = 'unset INVOCATION_ID; ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$@"';
  const command = ['sh', '-c', raise, 'sh', ...tmuxWords(name, startCommands())];
  const scopes = scopeWords(env, process.getuid?.() ?? 0, scopeUnit(name, randomBytes(4).toString('hex')));
  let complaint = '';
  // Without a scope the agents share the service's fate: worse than with one, and better than none.
  for (const words of [...scopes, []]) {
    const [file = '', ...args] = [...words, ...command];
    const result = await runCommand(file, args, {
      timeoutMs: COMMAND_TIMEOUT_MS,
      env: tmuxEnvironment(env),
      cwd: '/',
    });
    if (result.ok) return undefined;
    complaint = result.stderr || result.stdout;
  }
  return `the tmux server could not be started: ${complaint}`.trim();
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
