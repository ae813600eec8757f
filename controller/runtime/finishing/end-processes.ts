import { MuxletError } from '../../api/errors.ts';
import type { ProcessPorts } from './ports.ts';

/** How often it is looked whether they are gone, and how often before they are killed. */
const LOOKS = { everyMs: 100, beforeKill: 20, atMost: 70 } as const;

/**
 * Ends what commands left behind: also what left its process group, as a daemon does, as long as it has the environment
 * that it was started with.
 *
 * @throws MuxletError MUX_COMMAND_FAILED if some live on, or nobody can say whether they do
 */
export async function endProcesses({ look, signal, pause }: ProcessPorts): Promise<void> {
  for (let looks = 0; looks < LOOKS.atMost; looks += 1) {
    const seen = await look();
    if (seen.state === 'Unknown') throw new MuxletError('MUX_COMMAND_FAILED', seen.message);
    if (seen.value.length === 0) return;
    if (looks === 0) signal(seen.value, 'TERM');
    if (looks >= LOOKS.beforeKill) signal(seen.value, 'KILL');
    await pause(LOOKS.everyMs);
  }
  throw new MuxletError('MUX_COMMAND_FAILED', 'processes that a command left behind cannot be ended');
}
