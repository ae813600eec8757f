import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import { judgeTeam, type TeamVerdict } from '../../../controller/reconcile/reports/waiting-team.ts';

const AFTER_MS = 60_000;
const REPORTED_AT = Date.parse('2026-03-01T12:00:00Z');

type State = AgentStatus['state'];

function agent(name: string, state: State, reportedAt?: number): AgentStatus {
  return {
    name,
    state,
    ready: true,
    uid: name,
    class: 'stand-in',
    restarts: 0,
    failures: 0,
    ...(reportedAt !== undefined && {
      report: { type: 'blocked', text: 'awaiting go-ahead', at: new Date(reportedAt).toISOString(), run: '1-a' },
    }),
  };
}

/** The verdicts of looks that follow one another, each a number of milliseconds after the first report. */
function judge(looks: readonly (readonly [ms: number, hub: State, dev: State, reportedMs?: number])[]): TeamVerdict[] {
  const verdicts: TeamVerdict[] = [];
  for (const [ms, hub, dev, reportedMs = 0] of looks) {
    const agents = [agent('lead', hub), agent('dev', dev, REPORTED_AT + reportedMs), agent('ops', 'Waiting')];
    const previous = verdicts.at(-1)?.wait;
    verdicts.push(judgeTeam({ agents, hub: 'lead', previous, afterMs: AFTER_MS, now: REPORTED_AT + ms }));
  }
  return verdicts;
}

const toldAt = (verdicts: readonly TeamVerdict[]): number[] =>
  verdicts.flatMap(({ text }, index) => (text === undefined ? [] : [index]));

describe('[S111] a team in which each waits for another', () => {
  it('is told of after a while, with what each said', () => {
    const verdicts = judge([
      [0, 'Idle', 'Idle'],
      [30_000, 'Idle', 'Idle'],
      [60_000, 'Idle', 'Idle'],
    ]);
    expect(toldAt(verdicts)).toEqual([2]);
    expect(verdicts[2]?.text).toContain(
      '1 min, each waits for another. dev: blocked (awaiting go-ahead); ops: Waiting.',
    );
  });

  it('is told of once, although the hub works on what it was told and rests again', () => {
    const verdicts = judge([
      [0, 'Idle', 'Idle'],
      [60_000, 'Idle', 'Idle'],
      [61_000, 'Busy', 'Idle'],
      [90_000, 'Idle', 'Idle'],
      [900_000, 'Idle', 'Idle'],
    ]);
    expect(toldAt(verdicts)).toEqual([1]);
  });

  it('is no such team while the hub works', () => {
    const verdicts = judge([
      [0, 'Busy', 'Idle'],
      [90_000, 'Busy', 'Idle'],
      [91_000, 'Idle', 'Idle'],
      [150_000, 'Idle', 'Idle'],
      [151_000, 'Idle', 'Idle'],
    ]);
    expect(toldAt(verdicts)).toEqual([4]);
  });

  it.each([
    ['went on meanwhile', [[70_000, 'Idle', 'Busy', 0]]],
    ['reported anew', [[70_000, 'Idle', 'Idle', 69_000]]],
  ] as const)('is told of again where one of them %s', (_what, between) => {
    const reported = between[0][3];
    const verdicts = judge([
      [0, 'Idle', 'Idle'],
      [60_000, 'Idle', 'Idle'],
      ...between,
      [80_000, 'Idle', 'Idle', reported],
      [140_000, 'Idle', 'Idle', reported],
    ]);
    expect(toldAt(verdicts)).toEqual([1, 4]);
  });

  it('needs more than one agent, and a worker', () => {
    const alone = [agent('dev', 'Idle', REPORTED_AT)];
    for (const hub of ['dev', undefined]) {
      expect(judgeTeam({ agents: alone, hub, previous: undefined, afterMs: 0, now: REPORTED_AT })).toEqual({
        wait: undefined,
      });
    }
  });
});
