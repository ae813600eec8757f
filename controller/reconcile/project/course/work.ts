import type { ProjectInput } from '../../../api/decision.ts';
import { runStartedAt } from '../../../api/observed.ts';
import type { AgentView } from '../agent-view.ts';
import { headMovedAt } from '../git-facts.ts';
import { isOutOfOrder } from '../holding.ts';
import { isOver } from '../over.ts';
import { isExhausted } from '../recovery.ts';

/** What the agents that are wanted make of an attempt, before anything is planned for them. */
export interface Work {
  /** One of them runs in this attempt, or ran. */
  readonly began: boolean;
  /** One of them could work: it has not ended for good, its account is in order, and nothing keeps it from being started. */
  readonly mayGoOn: boolean;
  /** Those that are stuck and were recovered as often as they may be, where nobody else is left who could work. */
  readonly stuck: readonly AgentView[];
  readonly loginTrouble: boolean;
  /** The last sign of work of any of them, in milliseconds since the epoch. */
  readonly beatAt: number | undefined;
}

export function workOf(views: readonly AgentView[], input: ProjectInput): Work {
  const wanted = views.filter(({ desired }) => desired !== undefined);
  const open = wanted.filter((view) => !isOver(view));
  const stuck = open.filter(isGivenUp);
  const beats = wanted.flatMap((view) => beatsOf(view, input));
  return {
    began: wanted.some(hasBegun),
    mayGoOn: open.some(couldWork),
    stuck: stuck.length > 0 && stuck.length === open.length ? stuck : [],
    loginTrouble: wanted.some(
      ({ account, reading }) => account?.loginLostAt !== undefined || reading?.state === 'NeedsAuth',
    ),
    beatAt: beats.length === 0 ? undefined : Math.max(...beats),
  };
}

/** It is stuck, and nothing more is done about it. */
export function isGivenUp({ stuck, desired, recoveries, life, account }: AgentView): boolean {
  if (stuck === undefined || desired === undefined || life.type !== 'Running' || isOutOfOrder(account)) return false;
  return desired.restartPolicy === 'Never' || isExhausted(desired, recoveries);
}

function hasBegun({ life, lastExit, isPrior }: AgentView): boolean {
  return life.type === 'Running' || (lastExit !== undefined && !isPrior);
}

function couldWork({ account, life, obstacle }: AgentView): boolean {
  return !isOutOfOrder(account) && (life.type === 'Running' || obstacle === undefined);
}

/** From the agent's own doing, never from our looking: records, output, processor time, commits, reports. */
function beatsOf({ name, reading, life }: AgentView, input: ProjectInput): number[] {
  if (life.type !== 'Running') return [];
  const { observed, now } = input;
  const sign = observed.health.signs?.find(({ agent, run }) => agent === name && run === life.pane.mark.run);
  const report = observed.reports?.get(name);
  const times = [
    reading?.movedAt,
    reading?.turns.lastAt,
    sign?.at,
    movedIn(life.pane.mark.run, headMovedAt(name, input)),
    report === undefined ? undefined : Date.parse(report.at),
  ];
  return times.filter((at) => at !== undefined).map((at) => Math.min(at, now));
}

/** Where a work tree was taken up as it was left, nobody has moved its HEAD yet. */
function movedIn(run: string, at: number | undefined): number | undefined {
  const startedAt = runStartedAt(run);
  return at !== undefined && startedAt !== undefined && at < startedAt ? undefined : at;
}
