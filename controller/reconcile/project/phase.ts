import type { ProjectStatus } from '../../api/generated/all.ts';
import type { Fact } from './conditions.ts';

export type Phase = ProjectStatus['phase'];

/** The summary of the conditions that people read. Nothing is ever decided from it. */
export function phaseOf(facts: readonly Fact[], deleting: boolean, previous: Phase | undefined): Phase {
  const fact = (type: Fact['type']): Fact | undefined => facts.find((candidate) => candidate.type === type);
  if (deleting) return 'Terminating';
  const complete = fact('Complete');
  if (complete !== undefined) return complete.status === 'True' ? 'Completed' : 'Failed';
  const admitted = fact('Admitted');
  if (admitted?.status === 'False') return admitted.reason === 'Suspended' ? 'Suspended' : 'Queued';
  // Whatever else is so: nothing goes on before somebody has logged in.
  if (fact('Authenticated')?.status === 'False') return 'Authenticating';
  if (fact('Reconciling')?.reason === 'Zombie') return 'Zombie';
  const ready = fact('Ready');
  if (ready?.status === 'True') return 'Running';
  // Not to know is no news: the summary stays.
  if (ready?.status === 'Unknown') return previous ?? 'Pending';
  if (fact('Accepted')?.status === 'False' || fact('Stalled')?.reason === 'NameConflict') return 'Pending';
  return hasRun(previous) || wentDown(fact('AgentsReady')) ? 'Recovering' : 'Initializing';
}

function wentDown(agents: Fact | undefined): boolean {
  return agents?.reason === 'CrashLoopBackOff' || agents?.reason === 'Failed';
}

function hasRun(previous: Phase | undefined): boolean {
  return previous === 'Running' || previous === 'Recovering' || previous === 'Zombie';
}
