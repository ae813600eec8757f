import type { ProjectInput } from '../../../api/decision.ts';
import { runStartedAt } from '../../../api/observed.ts';
import type { AgentView } from '../agent-view.ts';

/** The agent's present run, or its last one in this attempt. */
export function runOf({ life, lastExit, previous, isPrior }: AgentView): string | undefined {
  if (life.type !== 'Missing') return life.pane.mark.run;
  return isPrior ? undefined : (lastExit?.run ?? previous?.run);
}

/** When the present attempt began, in milliseconds since the epoch: nothing from before counts for it. */
export function attemptStart({ previous }: ProjectInput): number | undefined {
  const startedAt = previous?.run?.startedAt;
  return startedAt === undefined ? undefined : Date.parse(startedAt);
}

/**
 * When the first agent of an attempt ran that begins now: an agent may have done much before it is first seen to run. What
 * runs on from an earlier attempt has not begun before this one did.
 */
export function firstStart(views: readonly AgentView[], { previous, now }: ProjectInput): number {
  const floor = previous?.run === undefined ? 0 : Date.parse(previous.run.stageSince);
  const starts = views
    .filter(({ desired }) => desired !== undefined)
    .flatMap((view) => runStartedAt(runOf(view) ?? '') ?? [])
    .filter((at) => at >= floor);
  return Math.min(now, ...starts);
}
