import type { Walk } from '../walk.ts';
import { busyWith } from './turn.ts';

/** Twice: before anything of the answer came, and within it. */
export async function interruption(walk: Walk): Promise<void> {
  for (const where of ['headers', 'stream'] as const) {
    await busyWith(walk, `Think ${where}`, where);
    await walk.staysSo('Busy', 1000);
    walk.truly('Idle', `a person interrupted it (${where})`);
    await walk.presses(walk.walked.keys.interrupt);
    await walk.comesToStay('Idle', 1500);
    walk.api.release(walk.label);
    if (walk.walked.keys.clear !== undefined) await walk.presses(walk.walked.keys.clear);
  }
}
