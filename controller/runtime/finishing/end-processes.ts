import { MuxletError } from '../../api/errors.ts';
import type { ProcessPorts } from './ports.ts';

/** How often it is looked whether they are gone, and how often before they are killed. */
const LOOKS = { everyMs: 100, beforeKill: 20, atMost: 70 } as const;
/** So many looks in a row have to find nothing: one that is just executing another program shows no environment. */
const CLEAR = 2;

/**
 * Ends what commands left behind: also what left its process group, as a daemon does, as long as it has the environment
 * that it was started with.
 *
 * @throws MuxletError MUX_COMMAND_FAILED if some live on, or nobody can say whether they do
 */
export async function endProcesses({ look, signal, pause }: ProcessPorts): Promise<void> {
  let clear = 0;
  let asked = false;
  for (let looks = 0; looks < LOOKS.atMost; looks += 1) {
    const seen = await look();
    if (seen.state === 'Unknown') throw new MuxletError('MUX_COMMAND_FAILED', seen.message);
    clear = seen.value.length === 0 ? clear + 1 : 0;
    if (clear === CLEAR) return;
    if (seen.value.length > 0 && !asked) {
      asked = true;
      signal(seen.value, 'TERM');
    }
    if (looks >= LOOKS.beforeKill) signal(seen.value, 'KILL');
    await pause(LOOKS.everyMs);
  }
  throw new MuxletError('MUX_COMMAND_FAILED', 'processes that a command left behind cannot be ended');
}
