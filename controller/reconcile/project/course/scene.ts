import type { ProjectInput } from '../../../api/decision.ts';
import type { DesiredProject, RetryCause } from '../../../api/desired.ts';
import type { RunStatus } from '../../../api/generated/all.ts';
import type { AgentView } from '../agent-view.ts';
import type { Judgement } from '../completing/judge.ts';
import { counted, type Deadline, limitMs, type Ticking } from './clock.ts';
import { enter } from './stages.ts';
import type { Work } from './work.ts';

/** All that an attempt goes on by. */
export interface Scene {
  readonly input: ProjectInput;
  readonly project: DesiredProject;
  readonly confirmed: boolean;
  readonly views: readonly AgentView[];
  readonly work: Work;
  /** How far the rules are met by which it is seen that the work is done; absent where there are none, or it is over. */
  readonly judgement: Judgement | undefined;
  /** Whether agents are to run, as far as queue and suspension have it. */
  readonly isOpen: boolean;
  readonly isSuspended: boolean;
}

export function ticking({ input, work }: Scene, runs: boolean): Ticking {
  return { now: input.now, uncountedMs: input.uncountedMs, runs, beatAt: work.beatAt };
}

/** The attempt has failed: whatever of it still runs is ended. */
export function fail(run: RunStatus, reason: RetryCause, message: string, scene: Scene): RunStatus {
  const stood = counted(run, ticking(scene, false), undefined);
  return { ...enter(stood, 'Ending', scene.input.now), reason, message };
}

export function deadlineMessage(run: RunStatus, deadline: Deadline): string {
  const { extensions } = run;
  const moved = extensions === 0 ? '' : `, moved on ${extensions === 1 ? 'once' : `${extensions} times`}`;
  return `the work was to take no more than ${inWords(limitMs(run, deadline))}${moved}`;
}

/** What becomes of those whose time is over, and what a person who wants it otherwise can do. */
export function timeOverMessage(deadline: Deadline | undefined): string {
  const asked = 'its time is over; its agents were asked to save and report';
  if (deadline === undefined) return asked;
  const grace = inWords(deadline.graceMs);
  return `${asked}, and are ended ${grace} after that; a later spec.deadline.after lets them go on`;
}

/** As a person writes it in a spec: 4h, 1h30m, 5s. */
function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return words.join('') || '0s';
}
