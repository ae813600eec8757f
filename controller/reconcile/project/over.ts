import type { Exit, Termination } from '../../api/generated/all.ts';
import type { AgentView } from './agent-view.ts';
import { REBOOTED, TAKEN_DOWN } from './exits.ts';

/** Whether the agent has ended for good: it ran what is wanted of it in this attempt, and its policy wants no more. */
export function isOver(view: AgentView): boolean {
  const { lastExit, desired, life } = view;
  if (lastExit === undefined || desired === undefined || !hasRunThis(view)) return false;
  return (life.type === 'Ended' || life.type === 'Missing') && !restartsAfter(lastExit, desired.restartPolicy);
}

/** Whether its last run was of what is wanted now, and of this attempt. */
export function hasRunThis({ life, previous, lastExit, desired, isPrior, isRestartAsked }: AgentView): boolean {
  if (lastExit === undefined || desired === undefined || isPrior || isRestartAsked) return false;
  const hash = 'pane' in life ? life.pane.mark.hash : previous?.hash;
  return hash === desired.launchHash;
}

/** What was ended for the sake of the project as a whole has not ended its work, whatever its policy. */
const GOES_ON: ReadonlySet<string> = new Set<Termination['reason'] | typeof REBOOTED | typeof TAKEN_DOWN>([
  'Suspended',
  'Drained',
  'Restarted',
  REBOOTED,
  TAKEN_DOWN,
]);

function restartsAfter(exit: Exit, policy: 'Always' | 'OnFailure' | 'Never'): boolean {
  if (exit.endedFor !== undefined && GOES_ON.has(exit.endedFor)) return true;
  switch (policy) {
    case 'Always':
      return true;
    case 'OnFailure':
      // Ended by us, or by what its account lacked, it has not done its work.
      return exit.kind === 'Ended' || exit.kind === 'Auth' || exit.kind === 'Limit' || exit.reason !== 'Completed';
    case 'Never':
      return false;
  }
}
