import { readBootId } from '../observe/boot-id.ts';
import { noteBoot } from '../store/state/boot.ts';

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
    const rebootedAt = noteBoot(state, id, now);
    return { rebootedAt, isNew: rebootedAt === now };
  } catch {
    // What cannot be noted is no reason not to start; that the state cannot be written is said elsewhere.
    return { rebootedAt: undefined, isNew: false };
  }
}
