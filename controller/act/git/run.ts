import type { GitStep } from '../../api/git-verb.ts';
import type { Reason } from '../../api/reasons.ts';
import { toldAddress } from '../../api/told-address.ts';
import { type GitOptions, runGit } from '../../exec/git.ts';
import type { CommandResult } from '../../exec/run-command.ts';

/** Long enough for what only writes a few small files; what fills work trees has its own. */
export const SHORT_MS = 60_000;

export interface WriteOptions extends Partial<Omit<GitOptions, 'mayWrite'>> {
  readonly reason?: Reason;
}

/**
 * Binds a git to one work tree, by the folder that git keeps for it. Left to find that by itself it would work on another
 * repository, where a `.git` is missing or leads elsewhere: on the one around it, of which it would throw things away.
 * Its environment tells as well where it works, to a controller that finds it there after the end of this one.
 */
export function boundTo(tree: string, adminDir: string): Readonly<Record<string, string>> {
  return { GIT_DIR: adminDir, GIT_WORK_TREE: tree, ...leftIn(tree) };
}

/** Marks a git that outlives us: see gitLeftIn. */
export function leftIn(tree: string): Readonly<Record<string, string>> {
  return { MUXLET_GIT_IN: tree };
}

/** Runs a git that changes something. */
export async function writeGit(
  directory: string,
  args: readonly string[],
  { reason = 'WorkTreeFailed', timeoutMs = SHORT_MS, ...options }: WriteOptions = {},
): Promise<GitStep> {
  return stepOf(await runGit(directory, args, { timeoutMs, ...options, mayWrite: true }), reason);
}

export function stepOf(result: CommandResult, reason: Reason): GitStep {
  if (result.ok) return { ok: true };
  if (result.timedOut) return { ok: false, reason, message: 'git took too long, and was ended' };
  if (result.startError !== undefined)
    return { ok: false, reason, message: `git cannot be run (${result.startError})` };
  const words = toldAddress(result.stderr.trim());
  return { ok: false, reason, message: words === '' ? `git exited with ${result.exitCode}` : words.slice(0, 1000) };
}

/** A step that is files' and not git's: what the system says becomes its result. */
export async function fileStep(reason: Reason, step: () => Promise<void> | void): Promise<GitStep> {
  try {
    await step();
    return { ok: true };
  } catch (error) {
    return { ok: false, reason, message: error instanceof Error ? error.message : String(error) };
  }
}
