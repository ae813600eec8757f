import { described, type Judgement, judge, type Shown, type Truth } from '../trace/trace.ts';

export interface Outcome {
  readonly step: string;
  readonly result: string;
  readonly ms?: number;
}

export function tallyOf(walks: readonly Story[]): Judgement {
  const all = walks.map(({ truths, shown }) => judge(truths, shown));
  return {
    latencies: all.flatMap(({ latencies }) => latencies),
    wrong: all.flatMap(({ wrong }) => wrong),
    late: all.flatMap(({ late }) => late),
    unknown: all.flatMap(({ unknown }) => unknown),
  };
}

/** A table of the steps, and a line of what was shown when. */
export function linesOf(
  name: string,
  outcomes: readonly Outcome[],
  { latencies, wrong, late, unknown }: Judgement,
): string {
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
    `${late.length} late`,
    `shown after ${median} ms (median), ${sorted.at(-1) ?? 0} ms (max)`,
  ];
  const faults = [...wrong.map((line) => `wrong: ${line}`), ...late.map((line) => `late: ${line}`)];
  return [...table, `${name}: ${figures.join(', ')}`, ...faults].join('\n');
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

/** For whoever looks on. */
export function say(text: string): void {
  // oxlint-disable-next-line no-console -- what a worker of vitest writes to its stdout itself comes late or not at all
  console.log(text);
}
