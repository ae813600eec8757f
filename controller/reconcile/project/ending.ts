import type { Action, Owner } from '../../api/action.ts';
import type { StopPolicy } from '../../api/desired.ts';
import type { Termination } from '../../api/generated/all.ts';
import type { Look, MarkedProcess, ProcessRef } from '../../api/observed.ts';
import type { OwnPane } from './life.ts';

/*
 * How an agent's process tree is ended. Each look moves it on by at most one stage:
 *
 *   Begun --> Finish --its time--> Term --grace--> Kill --(again each second)
 *      \__ no such way ____________/
 *
 * Begun only says that it was decided: what destroys waits for a second look that agrees. It is over when a look at all processes finds none with our mark. A controller that dies half way finds the stage in
 * the status, or begins again: every stage may be repeated.
 */

export interface EndingInput {
  readonly owner: Owner;
  readonly agent: string;
  readonly stop: StopPolicy;
  readonly reason: Termination['reason'];
  readonly begun: Termination | undefined;
  /** The agent's pane, if its process still lives there. */
  readonly pane: OwnPane | undefined;
  readonly processes: Look<readonly MarkedProcess[]> | undefined;
  readonly now: number;
}

export interface Ending {
  readonly over: boolean;
  readonly termination: Termination;
  readonly actions: readonly Action[];
}

const KILL_AGAIN_MS = 1000;

export function continueEnding(input: EndingInput): Ending {
  const { processes, reason, now } = input;
  const begun = input.begun?.reason === reason ? notLaterThan(input.begun, now) : undefined;
  if (begun === undefined) {
    return { over: false, termination: { reason, stage: 'Begun', since: iso(now), stageSince: iso(now) }, actions: [] };
  }
  // Where nobody knows what lives, nothing is ended, and nothing is taken for ended.
  if (processes?.state !== 'Known') return { over: false, termination: begun, actions: [] };
  const alive = livingOf(input, processes.value);
  if (alive.length === 0) return { over: true, termination: begun, actions: [] };
  const stage = nextStage(input, begun);
  if (stage === undefined) return { over: false, termination: begun, actions: [] };
  return {
    over: false,
    termination: { ...begun, stage, stageSince: iso(now) },
    actions: stageActions(stage, input, alive),
  };
}

/** A process whose environment cannot be read (setuid, or overwritten by its title) is known by its pane alone. */
function livingOf({ pane }: EndingInput, marked: readonly MarkedProcess[]): ProcessRef[] {
  const found = marked.map(({ pid, startTime }): ProcessRef => ({ pid, startTime }));
  if (pane?.processStart === undefined || found.some(({ pid }) => pid === pane.pid)) return found;
  return [{ pid: pane.pid, startTime: pane.processStart }, ...found];
}

/** Where the clock was set back, the stage counts from now: nobody waits for the clock to catch up. */
function notLaterThan(termination: Termination, now: number): Termination {
  return Date.parse(termination.stageSince) > now ? { ...termination, stageSince: iso(now) } : termination;
}

/** The stage to enter now; undefined to go on waiting. */
function nextStage({ stop, pane, now }: EndingInput, begun: Termination): Termination['stage'] | undefined {
  const waited = now - Date.parse(begun.stageSince);
  switch (begun.stage) {
    case 'Begun':
      return stop.finish !== undefined && pane?.processStart !== undefined ? 'Finish' : 'Term';
    case 'Finish':
      return waited >= finishMs(stop) ? 'Term' : undefined;
    case 'Term':
      return waited >= stop.graceMs ? 'Kill' : undefined;
    case 'Kill':
      return waited >= KILL_AGAIN_MS ? 'Kill' : undefined;
  }
}

function stageActions(stage: Termination['stage'], input: EndingInput, processes: readonly ProcessRef[]): Action[] {
  const { agent } = input;
  switch (stage) {
    case 'Begun':
      return [];
    case 'Finish':
      return finishAction(input);
    case 'Term':
      return [{ type: 'Signal', agent, signal: 'TERM', processes }];
    case 'Kill':
      return [{ type: 'Signal', agent, signal: 'KILL', processes }];
  }
}

function finishAction({ owner, agent, stop: { finish }, pane }: EndingInput): Action[] {
  if (finish === undefined || pane?.processStart === undefined) return [];
  const process = { pid: pane.pid, startTime: pane.processStart };
  return [{ type: 'Finish', owner, agent, finish, process, pane: { server: pane.server, id: pane.id, pid: pane.pid } }];
}

/** Milliseconds until the stage moves on by itself. */
export function stageEndsInMs(termination: Termination, stop: StopPolicy, now: number): number {
  const length = { Begun: 0, Finish: finishMs(stop), Term: stop.graceMs, Kill: KILL_AGAIN_MS }[termination.stage];
  return Math.max(0, Date.parse(termination.stageSince) + length - now);
}

function finishMs({ finish }: StopPolicy): number {
  return (finish?.timeoutSeconds ?? 10) * 1000;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
