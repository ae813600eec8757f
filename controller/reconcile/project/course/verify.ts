/**
 * What becomes of an attempt whose work seems done, by what is said of the round in which it is put together and verified:
 * it goes back to the team, is tried again, or has failed. What has passed is finished elsewhere.
 *
 *   Verifying, round 1 ──Passed──→ Finished
 *      │  ↑ └─Failed, after a pause─→ Verifying, round 2
 *      │  └─something newer──┐
 *      └─Refused, Conflict─→ Active ; refused oftener than the rounds allow → Ending
 */
import type { FinishLook } from '../../../api/finishing.ts';
import type { Refusal, RoundsStatus, RunStatus } from '../../../api/generated/all.ts';
import { elapsedMs, limitMs, tick } from './clock.ts';
import { restarted, toldOfConflict, toldOfRefusal } from './refusing.ts';
import { deadlineMessage, fail, type Scene, ticking } from './scene.ts';
import { enter } from './stages.ts';

/** The pause before what could not be done is tried again; each further one is twice as long. Milliseconds. */
const RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 300_000;

const NO_ROUNDS: RoundsStatus = { count: 0, refusals: 0, conflicts: 0, failures: 0 };

/** Whether anything is to be done with work that is done. */
export function needsVerifying({ project: { integration, verification } }: Pick<Scene, 'project'>): boolean {
  return integration !== undefined || verification !== undefined;
}

/** @param known what speaks for the work */
export function beginRound(run: RunStatus, known: Pick<RoundsStatus, 'seen' | 'heads'>, now: number): RunStatus {
  const { refusals, conflicts, count } = run.rounds ?? NO_ROUNDS;
  return {
    ...enter(unmet(run), 'Verifying', now),
    rounds: { count: count + 1, refusals, conflicts, failures: 0, ...known },
  };
}

/** What a look said of the present round; undefined where nothing is known of it. */
export function roundLook({ attempt, rounds }: RunStatus, finish: FinishLook | undefined): FinishLook | undefined {
  return finish?.attempt === attempt && finish.round === rounds?.count ? finish : undefined;
}

/** The clock of the deadline goes on, and ends no round that is under way: those have time limits of their own. */
export function verify(before: RunStatus, scene: Scene): RunStatus {
  const { input, project, work } = scene;
  const { deadline } = project.course;
  const run = tick(before, deadline, ticking(scene, work.mayGoOn));
  const look = roundLook(run, input.observed.finish);
  switch (look?.state) {
    case 'Running':
    case 'Passed':
      return run;
    case 'Refused':
      return project.verification === undefined ? nextRound(run) : refuse(run, look, scene);
    case 'Conflict':
      return project.integration === undefined ? nextRound(run) : conflict(run, look, scene);
    case 'Failed':
      return hasTime(run, scene) ? tryAgain(run, scene) : late(run, scene);
    case undefined:
      return hasTime(run, scene) ? run : late(run, scene);
  }
}

function refuse(run: RunStatus, look: FinishLook, scene: Scene): RunStatus {
  const rounds = run.rounds ?? NO_ROUNDS;
  const message = refusalMessage(look);
  if (rounds.refusals >= (scene.project.verification?.rounds ?? 0)) {
    const last = rounds.refusals === 0 ? message : `${message}; refused ${rounds.refusals + 1} times`;
    return fail(run, 'VerificationFailed', last, scene);
  }
  const told = toldOfRefusal(scene);
  const refusal = { reason: 'VerificationFailed', message, told } as const;
  return goBack({ ...run, rounds: { ...rounds, refusals: rounds.refusals + 1 } }, refusal, scene);
}

function conflict(run: RunStatus, look: FinishLook, scene: Scene): RunStatus {
  const rounds = run.rounds ?? NO_ROUNDS;
  const message = look.integration?.message ?? look.message ?? "an agent's branch could not be merged";
  const told = toldOfConflict(rounds.conflicts, look, scene);
  const refusal = { reason: 'MergeConflict', message, told } as const;
  return goBack(
    { ...run, rounds: { ...rounds, conflicts: rounds.conflicts + Math.sign(told.length) } },
    refusal,
    scene,
  );
}

/** Who ended well and is needed again is started once more: its last run counts no more. */
function goBack(run: RunStatus, refusal: Omit<Refusal, 'at'>, scene: Scene): RunStatus {
  const { now } = scene.input;
  const again = restarted(refusal.told, scene);
  return {
    ...enter(unmet(run), 'Active', now),
    refused: { at: new Date(now).toISOString(), ...refusal },
    ...(again.length > 0 && { priorRuns: [...new Set([...(run.priorRuns ?? []), ...again])] }),
  };
}

/** What nobody asks for any more refuses nothing. */
function nextRound(run: RunStatus): RunStatus {
  const rounds = run.rounds ?? NO_ROUNDS;
  return { ...run, rounds: { ...rounds, count: rounds.count + 1 } };
}

function tryAgain(run: RunStatus, { input: { now } }: Scene): RunStatus {
  const { nextTryAt, ...rounds } = run.rounds ?? NO_ROUNDS;
  const failures = nextTryAt === undefined ? rounds.failures + 1 : rounds.failures;
  const pause = Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(failures - 1, 20));
  // The clock was set back: nobody waits for longer than from now on.
  const at = Math.min(nextTryAt === undefined ? now + pause : Date.parse(nextTryAt), now + pause);
  if (at <= now) return { ...run, rounds: { ...rounds, count: rounds.count + 1 } };
  return { ...run, rounds: { ...rounds, failures, nextTryAt: new Date(at).toISOString() } };
}

function hasTime(run: RunStatus, scene: Scene): boolean {
  const { deadline } = scene.project.course;
  return deadline === undefined || elapsedMs(run, ticking(scene, true)) < limitMs(run, deadline);
}

function late(run: RunStatus, scene: Scene): RunStatus {
  const { deadline } = scene.project.course;
  if (deadline === undefined) return run;
  const message = `${deadlineMessage(run, deadline)}; it could not be put together and verified in it`;
  return fail(run, 'DeadlineExceeded', message, scene);
}

export function unmet({ metSince: _met, endedSince: _ended, ...run }: RunStatus): RunStatus {
  return run;
}

function refusalMessage({ verification, message }: FinishLook): string {
  const { command, message: how = message ?? 'failed', log } = verification ?? {};
  return `${command ?? 'the verification'}: ${how}${log === undefined ? '' : ` (log: ${log})`}`;
}
