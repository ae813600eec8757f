import { MuxletError } from '../../api/errors.ts';
import type { CliDeps } from '../ports.ts';
import type { Plan } from './plan.ts';
import type { Standing } from './service.ts';

/** A start ends when the controller has taken in all that runs, and is given more time while it does. */
const TIMEOUT_MS = 600_000;
const ASK_TIMEOUT_MS = 10_000;

export type Commands = readonly (readonly string[])[];

/** Runs them one after the other, and says each. @throws MUX_COMMAND_FAILED at the first that fails, with those left */
export async function runAll(commands: Commands, { programs, stdout }: CliDeps): Promise<void> {
  for (const [index, argv] of commands.entries()) {
    stdout.write(`+ ${textOf(argv)}\n`);
    const { ok, stdout: out, stderr } = await programs.run(argv, { timeoutMs: TIMEOUT_MS });
    if (ok) continue;
    const left = commands.slice(index + 1).map(textOf);
    throw new MuxletError('MUX_COMMAND_FAILED', `${textOf(argv)}: ${(stderr || out).trim() || 'it failed'}`, {
      hint:
        left.length === 0 ? 'the files stay as they are' : `the files stay as they are; left to do: ${left.join('; ')}`,
    });
  }
}

/** How the service stands; undefined where its manager gives no answer. */
export async function standingOf({ manager, service }: Plan, { programs }: CliDeps): Promise<Standing | undefined> {
  const { command, read } = manager.standing;
  const { ok, stdout } = await programs.run(command(service), { timeoutMs: ASK_TIMEOUT_MS });
  // launchctl fails for a job that it does not know.
  return ok || manager.program === 'launchctl' ? read(stdout) : undefined;
}

export function textOf(argv: readonly string[]): string {
  return argv.filter((word) => word !== '--no-pager').join(' ');
}
