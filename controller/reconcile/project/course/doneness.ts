import type { RoundsStatus, RunStatus } from '../../../api/generated/all.ts';
import { hashOf } from '../../../api/metadata.ts';
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

/** What a round knows of; see `isNewer`. */
export function knownOf(scene: Scene): Pick<RoundsStatus, 'seen' | 'heads'> {
  const heads = headsOf(scene);
  return { seen: signsOf(scene), ...(heads !== undefined && { heads }) };
}

/**
 * Whether there is something that the last round did not know of; true where it was not refused. By what it is and not by
 * times: a clock that was set back makes nothing newer than a refusal, nor older.
 */
export function isNewer({ refused, rounds }: RunStatus, scene: Scene): boolean {
  if (refused === undefined || rounds?.seen === undefined) return true;
  const seen = new Set(rounds.seen);
  const heads = rounds.heads === undefined ? undefined : headsOf(scene);
  return (
    signsOf(scene).some((sign) => !seen.has(sign)) ||
    (heads !== undefined && heads !== rounds.heads) ||
    retryInMs(refused, scene.input.now) === 0
  );
}

/** Each in a few characters: what speaks for it, and the runs that are over. */
function signsOf({ judgement, views }: Scene): string[] {
  const ends = views.flatMap((view) => (isOver(view) ? [`end ${view.lastExit?.run ?? ''}`] : []));
  return [...(judgement?.signs ?? []), ...ends].map((sign) => hashOf({ sign }).slice(0, 8));
}

/** Milliseconds until what waits for a person is tried again. */
export function retryInMs(refused: NonNullable<RunStatus['refused']>, now: number): number | undefined {
  if (refused.told.length > 0) return undefined;
  // A time that is yet to come was told before the clock was set back.
  return Math.max(0, Math.min(Date.parse(refused.at), now) + PERSON_MS - now);
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
