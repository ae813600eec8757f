import fc from 'fast-check';
import { type Schedule, schedules } from './schedule.ts';
import { simulate } from './simulate.ts';

/** The last so many lines of a counterexample's log are shown. */
const SHOWN = 60;

/** Neither the search nor the shortening of a counterexample goes on for longer. */
const TIME_LIMIT_MS = 55_000;

export interface Search {
  readonly runs: number;
  /** So many at least: fewer prove nothing. Of a machine that has other things to do, as much less as it gives us. */
  readonly atLeast: number;
  readonly maxLength: number;
  /** Whether projects stand in a queue. */
  readonly withQueue?: boolean;
  /** Default: another one each time. */
  readonly seed?: number;
}

/**
 * Simulates generated schedules, and throws with the shortest that fails: seed, steps and log. Throws as well where time ran
 * out before there were enough.
 *
 * @returns for a person: how many there were
 */
export async function checkSchedules({ runs: defaultRuns, atLeast, maxLength, withQueue, seed: defaultSeed }: Search) {
  const { MUXLET_SIM_SEED: seed = defaultSeed, MUXLET_SIM_RUNS: runs, MUXLET_SIM_PATH: path } = process.env;
  const began = performance.now();
  const usedBefore = process.cpuUsage();
  const until = began + TIME_LIMIT_MS;
  const wanted = runs === undefined ? defaultRuns : Number(runs);
  let done = 0;
  const result = await fc.check(
    fc.asyncProperty(schedules(maxLength, withQueue), async (schedule) => {
      if (performance.now() > until) return;
      const { violations } = await simulate(schedule);
      done += 1;
      if (violations.length > 0) throw new Error(violations.join('\n'));
    }),
    {
      numRuns: wanted,
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    },
  );
  if (!result.failed) {
    const { user, system } = process.cpuUsage(usedBefore);
    const share = Math.min(1, (user + system) / 1000 / (performance.now() - began));
    const least = Math.floor(Math.min(atLeast, wanted) * share);
    const said = `${done} of ${wanted} schedules simulated, with ${Math.round(share * 100)} % of a processor`;
    if (done < least) throw new Error(`${said}: fewer than ${least} prove nothing`);
    return said;
  }
  const [schedule] = result.counterexample ?? [];
  const again = `MUXLET_SIM_SEED=${result.seed} MUXLET_SIM_PATH=${result.counterexamplePath ?? ''}`;
  throw new Error(`${again}\n${schedule === undefined ? '' : await tell(schedule)}`);
}

async function tell(schedule: Schedule): Promise<string> {
  const { violations, log } = await simulate(schedule);
  return [...violations, JSON.stringify(schedule), ...log.slice(-SHOWN)].join('\n');
}
