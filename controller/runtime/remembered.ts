import { isDeepStrictEqual } from 'node:util';
import type { Decision, ProjectInput } from '../api/decision.ts';

type Decide = (input: ProjectInput) => Decision;

/** What a decision at rest was made from. */
interface Remembered {
  readonly input: ProjectInput;
  readonly decision: Decision;
}

/** So long a decision serves, in milliseconds: what time alone changes, and nobody waits for, is said by then. */
const SERVES_MS = 300_000;

/**
 * Of a project at rest nothing is decided anew while all that a decision is made from is as it was: it is looked at as
 * often as ever, and what was decided of it is given again, the very same value. At rest is what asks for no action and
 * no further look, and of which the same is said as before.
 */
export function rememberAtRest(decide: Decide): Decide {
  /** By the project's uid. */
  const known = new Map<string, Remembered>();
  return (input) => {
    const { uid } = input.meta;
    const before = known.get(uid);
    if (before !== undefined && isSame(before, input)) return before.decision;
    const decision = decide(input);
    if (isAtRest(input, decision)) known.set(uid, { input, decision });
    else known.delete(uid);
    return decision;
  };
}

/** What it looks for only now and then, as processes that were left behind, is not asked of one at rest. */
function isAtRest({ previous, failure, observed }: ProjectInput, decision: Decision): boolean {
  const { actions, events, words, lookAgain, expired, finished, status } = decision;
  const isDone = actions.length === 0 && events.length === 0 && words.length === 0 && lookAgain === undefined;
  const isQuiet = observed.tmux.state === 'Known' && observed.processes === undefined && failure === undefined;
  return isDone && isQuiet && !expired && !finished && isDeepStrictEqual(status, previous);
}

function isSame({ input: then, decision }: Remembered, input: ProjectInput): boolean {
  const age = input.now - then.now;
  // The clock was set back: nobody knows how old it is.
  if (input.previous !== decision.status || age < 0 || age >= SERVES_MS) return false;
  return isDeepStrictEqual(lasting(then), lasting(input)) && isSameLook(then.observed, input.observed);
}

/** All but the times, the look and what is compared apart. */
function lasting({
  now: _now,
  uncountedMs: _uncounted,
  previous: _previous,
  observed: _observed,
  ...rest
}: ProjectInput) {
  return rest;
}

/** When it was looked is no part of what was seen. */
function isSameLook({ tmux: then, ...others }: ProjectInput['observed'], { tmux, ...more }: ProjectInput['observed']) {
  if (then.state !== 'Known' || tmux.state !== 'Known') return false;
  return isDeepStrictEqual(then.value, tmux.value) && isDeepStrictEqual(others, more);
}
