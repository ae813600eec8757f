/**
 * The stages of an attempt, and which may follow which. Every change of stage goes through `enter`, which knows no other
 * way: what is finished stays so unless it is begun anew.
 *
 *   Waiting ⇄ Active ⇄ TimingOut
 *      ↑       ⇅  ↘        ↓
 *      │   Verifying → Finished ┐
 *      │       ↓       ↑        │
 *      │     Ending → BackingOff│
 *      └────────────────┴───────┘
 *
 * Waiting is entered from Verifying as well, and Verifying and Ending from TimingOut.
 */
import type { RunStatus } from '../../../api/generated/all.ts';

export type Stage = RunStatus['stage'];

export const STAGES_AFTER = {
  Waiting: ['Active'],
  Active: ['Waiting', 'TimingOut', 'Verifying', 'Ending', 'Finished'],
  TimingOut: ['Waiting', 'Active', 'Verifying', 'Ending', 'Finished'],
  Verifying: ['Waiting', 'Active', 'Ending', 'Finished'],
  Ending: ['BackingOff', 'Finished'],
  BackingOff: ['Waiting'],
  Finished: ['Waiting'],
} as const satisfies Readonly<Record<Stage, readonly Stage[]>>;

/**
 * @param now milliseconds since the epoch
 * @throws Error if the stage may not follow: there is a bug, and nothing is written.
 */
export function enter(run: RunStatus, stage: Stage, now: number): RunStatus {
  const allowed: readonly Stage[] = STAGES_AFTER[run.stage];
  if (!allowed.includes(stage)) throw new Error(`an attempt cannot go from ${run.stage} to ${stage}`);
  return { ...run, stage, stageSince: new Date(now).toISOString() };
}

/** The first attempt at what is wanted now. */
export function firstRun(inputs: string, now: number): RunStatus {
  return {
    attempt: 1,
    stage: 'Waiting',
    stageSince: new Date(now).toISOString(),
    activeSeconds: 0,
    extensions: 0,
    inputs,
  };
}

/** Another attempt; of the one before stays nothing but which runs count no more. */
export function nextRun(run: RunStatus, { attempt, inputs, priorRuns }: Anew, now: number): RunStatus {
  const { stage, stageSince } = enter(run, 'Waiting', now);
  return { ...firstRun(inputs, now), stage, stageSince, attempt, priorRuns: [...priorRuns] };
}

export interface Anew {
  readonly attempt: number;
  readonly inputs: string;
  readonly priorRuns: readonly string[];
}
