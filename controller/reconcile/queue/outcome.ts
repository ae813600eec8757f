import type { ProjectStatus } from '../../api/generated/all.ts';
import type { ProjectOutcome } from '../../api/queueing.ts';

/** How a project's attempts ended, by what its status says. */
export function outcomeOf({ conditions, attempts = [], run }: ProjectStatus): ProjectOutcome {
  const complete = conditions.find(({ type }) => type === 'Complete');
  const result = complete?.status === 'True' ? 'Completed' : complete?.status === 'False' ? 'Failed' : undefined;
  const failed = attempts.filter(({ result: is }) => is === 'Failed').map(({ finishedAt }) => finishedAt);
  const last = run?.result === 'Failed' ? run.finishedAt : undefined;
  // Without an account of attempts, the condition says when the only one failed.
  const only = run === undefined && result === 'Failed' ? complete?.lastTransitionTime : undefined;
  const failures = [...new Set([...failed, last, only].filter((at) => at !== undefined))];
  const admitted = conditions.find(({ type }) => type === 'Admitted');
  return { result, failures, ...(admitted?.reason === 'Suspended' && { suspended: true }) };
}
