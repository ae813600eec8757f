import type { RunStatus } from '../../../api/generated/all.ts';
import { isOver } from '../over.ts';
import { headsOf } from './refusing.ts';
import type { Scene } from './scene.ts';

/** What is done has to be so for two looks that lie so far apart, in milliseconds. */
const AGREE_MS = 300;
/** After the last agent has ended, git, files and reports are looked at for so long, in milliseconds: a work tree that cannot
 * be watched is looked at every ten seconds. */
const LATE_MS = 15_000;
/** What a person is to resolve is tried again so often, whatever is seen of it, in milliseconds. */
const PERSON_MS = 300_000;

/** Follows, look after look, who works and whether the rules are met: only what two looks agree on counts. */
export function follow(run: RunStatus, scene: Scene, isAllOver: boolean): RunStatus {
  const { judgement, input } = scene;
  const worked = workedOf(run, scene);
  const withWork = worked.length === (run.worked?.length ?? 0) ? run : { ...run, worked: [...worked] };
  if (judgement === undefined) return withWork;
  const { metSince, endedSince, ...rest } = withWork;
  const isLost = isAllOver && judgement.verdict === 'NotMet';
  return {
    ...rest,
    ...(judgement.verdict === 'Met' && { metSince: earlier(metSince, input.now) }),
    ...(isLost && { endedSince: earlier(endedSince, input.now) }),
  };
}

/** A time on record that is yet to come was told before the clock was set back. */
function earlier(time: string | undefined, now: number): string {
  return new Date(Math.min(now, time === undefined ? now : Date.parse(time))).toISOString();
}

/** Milliseconds until what the rules say counts; undefined if they are not met. */
export function metInMs({ metSince }: RunStatus, now: number): number | undefined {
  return metSince === undefined ? undefined : Math.max(0, Date.parse(metSince) + AGREE_MS - now);
}

/** Milliseconds until it is certain that nothing more comes of agents that have all ended. */
export function lostInMs({ endedSince }: RunStatus, now: number): number | undefined {
  return endedSince === undefined ? undefined : Math.max(0, Date.parse(endedSince) + LATE_MS - now);
}

/** Whether there is something that the last round did not know of; true where there was none. */
export function isNewer({ refused }: RunStatus, scene: Scene): boolean {
  if (refused === undefined) return true;
  const { judgement, input, views } = scene;
  const at = Date.parse(refused.at);
  // Where the clock was set back, nobody can tell: one round too many is better than none at all.
  if (at > input.now) return true;
  const ends = views.flatMap((view) => (isOver(view) ? Date.parse(view.lastExit?.finishedAt ?? '') : []));
  const heads = refused.heads === undefined ? undefined : headsOf(scene);
  return (
    [...ends, judgement?.newestAt ?? 0].some((time) => time > at) ||
    (heads !== undefined && heads !== refused.heads) ||
    retryInMs(refused, input.now) === 0
  );
}

/** Milliseconds until what waits for a person is tried again. */
export function retryInMs(refused: NonNullable<RunStatus['refused']>, now: number): number | undefined {
  if (refused.told.length > 0) return undefined;
  return Math.max(0, Date.parse(refused.at) + PERSON_MS - now);
}

/** Who was seen at work since the attempt began; asked only where a rule wants to know it. */
function workedOf(run: RunStatus, { project, views, input }: Scene): readonly string[] {
  const rules = project.completion?.rules.filter(({ sign }) => sign.type === 'Idle') ?? [];
  if (rules.length === 0 || run.startedAt === undefined) return [];
  const since = Date.parse(run.startedAt);
  const asked = new Set(rules.flatMap(({ agents }) => agents));
  return views
    .filter(({ name, reading, life }) => {
      if (!asked.has(name)) return false;
      if (run.worked?.includes(name) === true) return true;
      if (reading === undefined || life.type !== 'Running') return false;
      const { prompts, last, lastAt = 0 } = reading.turns;
      const hasTurn = (last !== undefined && lastAt >= since) || prompts.some(({ at }) => at >= since);
      return reading.state === 'Busy' || (hasTurn && lastAt <= input.now);
    })
    .map(({ name }) => name);
}
