import type { Event } from '../api/generated/all.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createScribe } from '../store/state/scribe.ts';
import { createStateStore } from '../store/state/state-store.ts';
import type { Log } from './log.ts';
import { createStateProblems } from './state-problems.ts';

export interface StateSideOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Told of each event, once it is on record. */
  readonly onEvent: (event: Event) => void;
}

/** The state directory, with its problems logged, counted and told as events. */
export function createStateSide(dir: string, { log, metrics, onEvent }: StateSideOptions) {
  const { onProblem, onWrite } = metrics.stateHooks;
  const problems = createStateProblems({ log, onProblem });
  const scribe = createScribe();
  const state = createStateStore({ dir, now: systemClock.now, scribe, onWrite, onProblem: problems.take, onEvent });
  problems.recordWith((note) => {
    state.recordEvent({ kind: 'Controller', name: 'muxlet' }, note);
  });
  return { state, scribe, unwritable: problems.unwritable };
}
