import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createStateStore } from '../store/state/state-store.ts';
import type { Log } from './log.ts';
import { createStateProblems } from './state-problems.ts';

/** The state directory, with its problems logged, counted and told as events. */
export function createStateSide(dir: string, log: Log, { stateHooks: { onProblem, onWrite } }: Metrics) {
  const problems = createStateProblems({ log, onProblem });
  const state = createStateStore({ dir, now: systemClock.now, onWrite, onProblem: problems.take });
  problems.recordWith((note) => {
    state.recordEvent({ kind: 'Controller', name: 'muxlet' }, note);
  });
  return { state, unwritable: problems.unwritable };
}
