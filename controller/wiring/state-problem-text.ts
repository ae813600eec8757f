import type { StateProblem } from '../store/state/state-problem.ts';

/** A problem of the state directory as fields of a log line. */
export function describeStateProblem(problem: StateProblem): Record<string, unknown> {
  const { type, ...fields } = problem;
  return { reason: type, ...fields };
}
