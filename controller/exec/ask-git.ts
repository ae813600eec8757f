import { MuxletError } from '../api/errors.ts';
import { toldAddress } from '../api/told-address.ts';
import { type GitOptions, runGit } from './git.ts';
import type { CommandResult } from './run-command.ts';

/** So much of what git said is told, in characters. */
const MAX_TOLD = 600;

/**
 * What git prints, without the newline at its end.
 *
 * @throws MuxletError MUX_COMMAND_FAILED with git's own words if it fails
 */
export async function askGit(directory: string, args: readonly string[], options: GitOptions): Promise<string> {
  const result = await runGit(directory, args, options);
  if (!result.ok) throw gitFailure(args, result);
  return result.stdout;
}

/**
 * Whether git answers yes (it exits with 0) or no (with 1).
 *
 * @throws MuxletError MUX_COMMAND_FAILED if it does neither
 */
export async function gitAgrees(directory: string, args: readonly string[], options: GitOptions): Promise<boolean> {
  const result = await runGit(directory, args, options);
  if (result.ok) return true;
  if (result.exitCode === 1) return false;
  throw gitFailure(args, result);
}

/** What went wrong, in git's own words, for a person. */
export function gitFailure(args: readonly string[], result: CommandResult): MuxletError {
  const verb = args.find((word) => !word.startsWith('-') && !word.includes('=')) ?? '';
  return new MuxletError('MUX_COMMAND_FAILED', `git ${verb}: ${whyOf(result)}`);
}

function whyOf({ startError, timedOut, exitCode, signal, stderr }: CommandResult): string {
  if (startError !== undefined) return `could not be started (${startError})`;
  if (timedOut) return 'did not end in time';
  const said = toldAddress(stderr.trim().replaceAll(/\s*\n\s*/g, '; ')).slice(0, MAX_TOLD);
  return said === '' ? `ended with ${exitCode ?? signal ?? 'no code'}` : said;
}
