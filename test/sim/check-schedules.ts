import fc from 'fast-check';
import { type Schedule, schedules } from './schedule.ts';
import { simulate } from './simulate.ts';

/** The last so many lines of a counterexample's log are shown. */
const SHOWN = 60;

/** Neither the search nor the shortening of a counterexample goes on for longer. */
const TIME_LIMIT_MS = 55_000;

export interface Search {
  readonly runs: number;
  readonly maxLength: number;
  /** Default: another one each time. */
  readonly seed?: number;
}

/** Simulates generated schedules, and throws with the shortest that fails: seed, steps and log. */
export async function checkSchedules({ runs: defaultRuns, maxLength, seed: defaultSeed }: Search): Promise<void> {
  const { MUXLET_SIM_SEED: seed = defaultSeed, MUXLET_SIM_RUNS: runs, MUXLET_SIM_PATH: path } = process.env;
  const until = performance.now() + TIME_LIMIT_MS;
  const result = await fc.check(
    fc.asyncProperty(schedules(maxLength), async (schedule) => {
      if (performance.now() > until) return;
      const { violations } = await simulate(schedule);
      if (violations.length > 0) throw new Error(violations.join('\n'));
    }),
    {
      numRuns: runs === undefined ? defaultRuns : Number(runs),
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    },
  );
  if (!result.failed) return;
  const [schedule] = result.counterexample ?? [];
  const again = `MUXLET_SIM_SEED=${result.seed} MUXLET_SIM_PATH=${result.counterexamplePath ?? ''}`;
  throw new Error(`${again}\n${schedule === undefined ? '' : await tell(schedule)}`);
}

async function tell(schedule: Schedule): Promise<string> {
  const { violations, log } = await simulate(schedule);
  return [...violations, JSON.stringify(schedule), ...log.slice(-SHOWN)].join('\n');
}
