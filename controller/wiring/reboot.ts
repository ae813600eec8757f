import { statSync } from 'node:fs';
import { readBootId } from '../observe/boot-id.ts';
import { noteBoot } from '../store/state/boot.ts';
import { layoutOf } from '../store/state/layout.ts';

export interface Reboot {
  /** Runs that began before belong to an earlier boot; undefined: none does, as far as is known. */
  readonly rebootedAt: number | undefined;
  /** Nobody has started since. */
  readonly isNew: boolean;
}

/** Whether the machine was started anew since a controller of this state last started. Only for the holder of its lock. */
export async function findReboot(state: string, now: number): Promise<Reboot> {
  const id = await readBootId();
  if (id === undefined) return { rebootedAt: undefined, isNew: false };
  try {
    // A clock that is behind after the boot (no battery, no network yet) makes no run of before it one of after.
    const at = Math.max(now, lastActedAt(state) + 1);
    const rebootedAt = noteBoot(state, id, at);
    return { rebootedAt, isNew: rebootedAt === at };
  } catch {
    // What cannot be noted is no reason not to start; that the state cannot be written is said elsewhere.
    return { rebootedAt: undefined, isNew: false };
  }
}

/** When anything was last begun, milliseconds since the epoch; no run is on record that began later. */
function lastActedAt(state: string): number {
  const { journal, journalBefore } = layoutOf(state);
  const times = [journal, journalBefore].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.ceil(Math.max(...times));
}
