import type { Probe } from '../../api/generated/all.ts';

/** What a probe said once it was run. `Unknown`: it could not be run, which says nothing about the agent. */
export type ProbeOutcome =
  | { readonly type: 'Succeeded' }
  | { readonly type: 'Failed'; readonly message: string }
  | { readonly type: 'Unknown'; readonly message: string };

/** What a probe has said of one run of an agent so far. */
export interface ProbeState {
  /** Undefined until enough outcomes agree. */
  readonly verdict: boolean | undefined;
  /** Successes in a row, or, below zero, failures. */
  readonly streak: number;
  /** Of the first failure in the present row, or of the one that decided; stays so that repetition changes nothing. */
  readonly message: string | undefined;
}

export const UNPROBED: ProbeState = { verdict: undefined, streak: 0, message: undefined };

/** Takes one outcome more: the verdict changes once as many in a row agree as the probe's thresholds say. */
export function advance(
  state: ProbeState,
  outcome: ProbeOutcome,
  { successThreshold = 1, failureThreshold = 3 }: Pick<Probe, 'successThreshold' | 'failureThreshold'>,
): ProbeState {
  switch (outcome.type) {
    case 'Succeeded': {
      const streak = Math.max(0, state.streak) + 1;
      const isDecided = streak >= successThreshold;
      return { verdict: isDecided ? true : state.verdict, streak, message: isDecided ? undefined : state.message };
    }
    case 'Failed': {
      const streak = Math.min(0, state.streak) - 1;
      const decides = -streak >= failureThreshold && state.verdict !== false;
      const message = decides || state.message === undefined ? outcome.message : state.message;
      return { verdict: decides ? false : state.verdict, streak, message };
    }
    case 'Unknown':
      return state.message === undefined ? { ...state, message: outcome.message } : state;
  }
}

/** The probe was changed: what was good stays so until the new one says otherwise; what was bad is asked anew. */
export function onChangedProbe({ verdict }: ProbeState): ProbeState {
  return { ...UNPROBED, verdict: verdict === true ? true : undefined };
}

/** When the first probe of a run is due, milliseconds since the epoch. */
export function firstDue({ initialDelaySeconds = 0 }: Probe, startedAt: number): number {
  return startedAt + initialDelaySeconds * 1000;
}

/** When the next one is due after one that began at `begun`: never two at once, and no heap of missed ones. */
export function nextDue({ periodSeconds = 10 }: Probe, begun: number, now: number): number {
  return Math.max(begun + periodSeconds * 1000, now);
}
