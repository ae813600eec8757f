// What was true of an agent and what muxlet showed of it, side by side, and the judgement of the one by the other.

/** From `at` on the agent is truly in one of these states: the model API, a key that was pressed or a signal says so. */
export interface Truth {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Several where it passes through them by itself. */
  readonly states: readonly string[];
  readonly what: string;
}

/** From `at` on the status showed this. */
export interface Shown {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly state: string;
  readonly reason: string | undefined;
  /** Source and rule that decided. */
  readonly by: string;
}

export interface Judgement {
  /** One a truth that changed something: milliseconds until it was shown. */
  readonly latencies: readonly number[];
  /** Shown though it was not true, or true and never shown. */
  readonly wrong: readonly string[];
  /** Shown, and later than it should be: on a machine that is busy with something else that is no mistake. */
  readonly late: readonly string[];
  readonly unknown: readonly string[];
}

/** How long the status may still show what was true before, or show early what a truth tells of in hindsight. */
const GRACE_MS = 2000;

export function judge(truths: readonly Truth[], shown: readonly Shown[]): Judgement {
  const ordered = truths.toSorted((one, other) => one.at - other.at);
  const wrong: string[] = [];
  const late: string[] = [];
  const unknown: string[] = [];
  for (const [index, view] of shown.entries()) {
    if (view.state === 'Unknown') unknown.push(described(view));
    // Said once more, of the same state by other evidence: if it is out of date, what came since is late.
    else if (view.state === shown[index - 1]?.state) continue;
    else if (!isRight(ordered, view)) wrong.push(`${described(view)}, while it was ${truthAt(ordered, view.at)}`);
  }
  const latencies = ordered.flatMap((truth, index) => {
    const [previous, next] = [ordered[index - 1], ordered[index + 1]];
    if (previous !== undefined && truth.states.every((state) => previous.states.includes(state))) return [];
    const until = next?.at ?? Number.POSITIVE_INFINITY;
    const latency = latencyOf(truth, until, shown);
    if (latency !== undefined && latency <= GRACE_MS) return [latency];
    // What was over sooner need not have been seen.
    if (latency === undefined && until - truth.at <= GRACE_MS) return [];
    const what = `${truth.what} (after ${previous?.what ?? 'nothing'}, before ${next?.what ?? 'the end'})`;
    if (latency === undefined) wrong.push(`${what} was never shown`);
    else late.push(`${what} was shown after ${latency} ms`);
    return latency === undefined ? [] : [latency];
  });
  return { latencies, wrong, late, unknown };
}

function latencyOf({ at, states }: Truth, until: number, shown: readonly Shown[]): number | undefined {
  const showing = shown.findLast((view) => view.at <= at);
  if (showing !== undefined && states.includes(showing.state)) return 0;
  const first = shown.find((view) => view.at > at && view.at < until + GRACE_MS && states.includes(view.state));
  return first === undefined ? undefined : first.at - at;
}

function isRight(truths: readonly Truth[], { at, state }: Shown): boolean {
  return truths.some((truth, index) => {
    const until = (truths[index + 1]?.at ?? Number.POSITIVE_INFINITY) + GRACE_MS;
    return truth.states.includes(state) && at >= truth.at - GRACE_MS && at <= until;
  });
}

function truthAt(truths: readonly Truth[], at: number): string {
  const truth = truths.findLast((candidate) => candidate.at <= at);
  return truth === undefined ? 'not known yet' : `${truth.states.join('|')} (${truth.what})`;
}

export function described({ state, reason, by }: Shown): string {
  return `${state}${reason === undefined ? '' : `/${reason}`} by ${by}`;
}
