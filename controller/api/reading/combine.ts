/**
 * What several pieces of evidence say together. In order of trust each narrows what those before it left open; what is
 * out of date is dropped first; two that agree with each other against a more trusted one make it unknown.
 */
import type { Claim, KnownActivity } from './claim.ts';

export type Verdict =
  | {
      readonly type: 'Known';
      /** The one that decided. */
      readonly claim: Claim;
      /** All that it agrees with, itself among them. */
      readonly accepted: readonly Claim[];
      /** Nothing that is trusted less could say otherwise, nor does. */
      readonly certain: boolean;
    }
  | { readonly type: 'Disagree'; readonly claims: readonly Claim[] }
  | { readonly type: 'Nothing' };

/** What several programs write of one moment does not come in the same instant, nor in order; in milliseconds. */
const SAME_MOMENT_MS = 1000;
/** What is looked at from time to time may lag so far behind, in milliseconds. */
const LAG_MS = 1500;
/** A dialog is told of before it is drawn, by so much at most, in milliseconds. */
const DRAWN_MS = 2000;
/**
 * Between a prompt that is taken and the file that tells of it a program may do much, other programs' hooks among it; in
 * milliseconds. Measured: over 1.5 s with Claude Code 2.1.329 where two processors are shared by thirty runs.
 */
const TURNS_MS = 5000;
/** What happened so long before the present state began, or was last seen, no longer tells which of its faces that is; in milliseconds. */
const OLD_MS = 5000;

/** @param claims in any order; at most one of each source */
export function combineClaims(claims: readonly Claim[], now: number): Verdict {
  const inForce = claims.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt);
  const live = inForce.filter((claim) => !inForce.some((other) => outdates(other, claim, now)));
  const byTrust = [...live].sort((a, b) => a.trust - b.trust);
  const accepted: Claim[] = [];
  const dissenting: Claim[] = [];
  let open: ReadonlySet<KnownActivity> | undefined;
  for (const claim of byTrust) {
    const narrowed: ReadonlySet<KnownActivity> = open === undefined ? statesOf(claim) : common(open, claim);
    if (narrowed.size === 0) {
      dissenting.push(claim);
      continue;
    }
    open = narrowed;
    accepted.push(claim);
  }
  if (open === undefined) return { type: 'Nothing' };
  const left = open;
  const said = accepted.filter(({ state }) => left.has(state));
  const claim = said.reduce<Claim | undefined>(
    (best, other) => (best === undefined || other.at > best.at + SAME_MOMENT_MS ? other : best),
    undefined,
  );
  if (claim === undefined) return notRuledOut(left, accepted);
  // What was seen before the others moved may only lag behind them, and they behind what moved just now.
  const settledAt = Math.max(...accepted.map(({ at }) => at)) + LAG_MS;
  const against = dissenting.filter(({ at, seenAt }) => seenAt >= settledAt && at + LAG_MS <= now);
  const agree = against.some((one, index) =>
    against.slice(index + 1).some((other) => common(statesOf(one), other).size > 0),
  );
  return agree
    ? { type: 'Disagree', claims: [claim, ...against] }
    : { type: 'Known', claim, accepted, certain: left.size === 1 && dissenting.length === 0 };
}

/** Nobody said one of these outright: if it is but one, it follows from what the others ruled out. */
function notRuledOut(left: ReadonlySet<KnownActivity>, accepted: readonly Claim[]): Verdict {
  const [state] = left;
  const last = accepted.at(-1);
  if (left.size !== 1 || state === undefined || last === undefined) return { type: 'Nothing' };
  const { evidence, trust, rule, failedTurn, tense, at, seenAt } = last;
  const claim = { evidence, trust, rule, failedTurn, tense, at, seenAt, state, or: [] };
  return { type: 'Known', claim, accepted, certain: false };
}

/** Whether `other` shows that `claim` is no longer so. */
function outdates(other: Claim, claim: Claim, now: number): boolean {
  if (other === claim) return false;
  const trusted = other.trust < claim.trust;
  if (claim.tense === 'Present') {
    if (isAboutToTurn(other, claim) && now < other.at + TURNS_MS) return true;
    // It was last looked at before something happened that it does not know of yet, or does not show it yet.
    const knowsNot = claim.seenAt < other.at || (other.state === 'Waiting' && now < other.at + DRAWN_MS);
    return other.tense === 'Moment' && trusted && knowsNot && !statesOf(claim).has(other.state);
  }
  if (other.tense === 'Moment') {
    if (trusted) return other.at > claim.at && !statesOf(claim).has(other.state);
    return other.at > claim.at + SAME_MOMENT_MS && common(statesOf(claim), other).size === 0;
  }
  // A failed turn stays failed for as long as the program rests.
  if (!trusted || other.at <= claim.at) return false;
  if (other.at <= claim.at + OLD_MS && other.seenAt <= claim.at + OLD_MS) return false;
  return claim.failedTurn ? !statesOf(other).has(claim.state) : other.state !== claim.state;
}

/** The program took a prompt, and has not written everywhere yet that it rests no more. */
function isAboutToTurn(other: Claim, claim: Claim): boolean {
  return other.beginsTurn === true && claim.state === 'Idle' && claim.at < other.at;
}

function statesOf({ state, or }: Claim): ReadonlySet<KnownActivity> {
  return new Set([state, ...or]);
}

function common(open: ReadonlySet<KnownActivity>, claim: Claim): ReadonlySet<KnownActivity> {
  const states = statesOf(claim);
  return new Set([...open].filter((state) => states.has(state)));
}
