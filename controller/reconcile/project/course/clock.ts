/**
 * The clock of a deadline. It adds up the time in which somebody looked and agents could work, and never compares times
 * of the day: what was set, slept through or not looked at makes nobody late.
 */
import type { DesiredCourse } from '../../../api/desired.ts';
import type { RunStatus } from '../../../api/generated/all.ts';

export type Deadline = NonNullable<DesiredCourse['deadline']>;

export interface Ticking {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** See `ProjectInput`. */
  readonly uncountedMs: number;
  /** Whether any agent could work. */
  readonly runs: boolean;
  /** The last sign of work, in milliseconds since the epoch. */
  readonly beatAt: number | undefined;
}

/** While it runs, it is looked at so often, in milliseconds: a step that is much longer is not counted. */
export const LOOK_MS = 30_000;
/** So much is written at a time, in milliseconds: not every look is worth a write. */
const WRITE_MS = 60_000;

/** Milliseconds for which the clock has run. What this decision has counted already is not counted again. */
export function elapsedMs(run: RunStatus, { now, uncountedMs }: Pick<Ticking, 'now' | 'uncountedMs'>): number {
  const isCounted = run.countedAt === undefined || run.countedAt === iso(now);
  return run.activeSeconds * 1000 + (isCounted ? 0 : uncountedMs);
}

/** Milliseconds after which the time is over, with all that it was moved on by. */
export function limitMs({ extensions, allowances = [] }: RunStatus, deadline: Deadline): number {
  const allowed = allowances.reduce((sum, what) => sum + deadline.allowances[what], 0);
  return deadline.afterMs + allowed + extensions * deadline.extendByMs;
}

/** Whether there was a sign of work within the time that a heartbeat may be old, by the same clock. */
export function isFresh(run: RunStatus, deadline: Deadline, ticking: Ticking): boolean {
  return elapsedMs(run, ticking) - beatMs(run, ticking) <= deadline.heartbeatMs;
}

/** What the clock said at the last sign of work, in milliseconds. */
function beatMs(run: RunStatus, ticking: Ticking): number {
  const known = (run.heartbeatSeconds ?? 0) * 1000;
  const { beatAt, now } = ticking;
  if (beatAt === undefined || !isNews(run, beatAt, now)) return known;
  const elapsed = elapsedMs(run, ticking);
  // It came since the last count, whatever the times of day say that were told in between.
  return Math.min(elapsed, Math.max(elapsed - Math.max(0, now - beatAt), run.activeSeconds * 1000));
}

/** A time on record that is yet to come was told before the clock was set back. */
function isNews({ heartbeatAt }: RunStatus, beatAt: number, now: number): boolean {
  if (heartbeatAt === undefined) return true;
  const known = Date.parse(heartbeatAt);
  return beatAt > known || known > now;
}

/** Lets it run or stand, and writes down what it says where that is worth it. */
export function tick(run: RunStatus, deadline: Deadline | undefined, ticking: Ticking): RunStatus {
  if (deadline === undefined) return run.countedAt === undefined ? run : counted(run, ticking, undefined);
  if (!ticking.runs) return run.countedAt === undefined ? run : counted(run, ticking, deadline);
  const started = run.countedAt === undefined;
  const left = limitMs(run, deadline) - elapsedMs(run, ticking);
  const worth = Math.min(WRITE_MS, deadline.heartbeatMs / 4);
  return started || left <= 0 || ticking.uncountedMs >= worth ? counted(run, ticking, deadline) : run;
}

/** Writes down what it says; from then on it runs or stands. Without a deadline there is nothing to run to. */
export function counted(run: RunStatus, ticking: Ticking, deadline: Deadline | undefined): RunStatus {
  const { countedAt: _before, deadlineAt: _due, leftSeconds: _left, ...rest } = run;
  const elapsed = elapsedMs(run, ticking);
  const { beatAt, now, runs } = ticking;
  const leftMs = deadline === undefined ? 0 : Math.max(0, limitMs(run, deadline) - elapsed);
  const beat = beatAt !== undefined && isNews(run, beatAt, now);
  return {
    ...rest,
    activeSeconds: elapsed / 1000,
    ...(beat && { heartbeatAt: iso(beatAt), heartbeatSeconds: beatMs(run, ticking) / 1000 }),
    ...(deadline !== undefined && { leftSeconds: leftMs / 1000 }),
    ...(deadline !== undefined && runs && { countedAt: iso(now), deadlineAt: iso(now + leftMs) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
