import { described, judge, type Shown, type Truth } from './trace.ts';

export interface Outcome {
  readonly step: string;
  readonly result: string;
  readonly ms?: number;
}

export interface Tally {
  readonly latencies: readonly number[];
  readonly wrong: readonly string[];
  readonly unknown: readonly string[];
}

export function tallyOf(walks: readonly Story[]): Tally {
  const all = walks.map(({ truths, shown }) => judge(truths, shown));
  return {
    latencies: all.flatMap(({ latencies }) => latencies),
    wrong: all.flatMap(({ wrong }) => wrong),
    unknown: all.flatMap(({ unknown }) => unknown),
  };
}

/** A table of the steps, and a line of what was shown when. */
export function linesOf(name: string, outcomes: readonly Outcome[], { latencies, wrong, unknown }: Tally): string {
  const rows = [
    ['STEP', 'MS', 'RESULT'],
    ...outcomes.map(({ step, ms, result }) => [step, ms?.toFixed(0) ?? '', result]),
  ];
  const table = rows.map(([step = '', ms = '', result = '']) => `${step.padEnd(18)}${ms.padStart(7)}  ${result}`);
  const sorted = latencies.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const figures = [
    `${sorted.length} transitions`,
    `${wrong.length} wrong`,
    `${unknown.length} Unknown`,
    `shown after ${median} ms (median), ${sorted.at(-1) ?? 0} ms (max)`,
  ];
  return [...table, `${name}: ${figures.join(', ')}`, ...wrong.map((line) => `wrong: ${line}`)].join('\n');
}

const STORY_LINES = 24;

export interface Story {
  readonly truths: readonly Truth[];
  readonly shown: readonly Shown[];
}

/** What was true and what was shown, in the order of time, for a person; the last lines of it. */
export function storyOf({ truths, shown }: Story, most = STORY_LINES): string {
  const lines = [
    ...truths.map(({ at, states, what }) => ({ at, line: `true   ${states.join('|')}: ${what}` })),
    ...shown.map((view) => ({ at: view.at, line: `shown  ${described(view)}` })),
  ].toSorted((one, other) => one.at - other.at);
  const last = lines.slice(-most);
  return last
    .map(({ at, line }) => `${((at - (last[0]?.at ?? at)) / 1000).toFixed(3).padStart(8)}  ${line}`)
    .join('\n');
}
