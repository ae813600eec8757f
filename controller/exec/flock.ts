import { MuxletError } from '../api/errors.ts';
import { runCommand } from './run-command.ts';

const HELD_ELSEWHERE = 1;

/**
 * Locks an open file of ours, without waiting. The lock belongs to the open file description (flock(2)), which the
 * helper program shares with us: it stays when the helper has ended, and goes when we close the descriptor or die,
 * by SIGKILL too.
 *
 * @returns whether the lock was had.
 * @throws MuxletError MUX_LOCK_UNSUPPORTED where there is no flock(1) (util-linux; on macOS from Homebrew).
 */
export async function tryLock(fd: number): Promise<boolean> {
  const result = await runCommand('flock', ['--exclusive', '--nonblock', '0'], { timeoutMs: 5000, stdin: fd });
  if (result.ok) return true;
  if (result.exitCode === HELD_ELSEWHERE) return false;
  throw new MuxletError('MUX_LOCK_UNSUPPORTED', 'the program flock is missing or failed', {
    hint: "install util-linux ('apt-get install util-linux', 'brew install flock')",
    cause: result.stderr,
  });
}
