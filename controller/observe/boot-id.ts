import { readFileSync } from 'node:fs';
import { runCommand } from '../exec/run-command.ts';

const TIMEOUT_MS = 5000;

/**
 * What the system calls this run of itself: another one after each boot, whatever the clock says (random(4);
 * kern.bootsessionuuid on macOS, not tried there). Undefined where it cannot be read.
 */
export async function readBootId(): Promise<string | undefined> {
  if (process.platform === 'darwin') {
    const argv = ['-n', 'kern.bootsessionuuid'];
    const { ok, stdout } = await runCommand('sysctl', argv, {
      timeoutMs: TIMEOUT_MS,
      env: { PATH: '/usr/sbin:/sbin' },
    });
    return ok && stdout.trim() !== '' ? stdout.trim() : undefined;
  }
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
