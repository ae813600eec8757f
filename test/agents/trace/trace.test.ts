import { describe, expect, test } from 'vitest';
import { judge, type Shown, type Truth } from './trace.ts';

const truth = (at: number, ...states: string[]): Truth => ({ at, states, what: `${states.join('|')} at ${at}` });
const view = (at: number, state: string): Shown => ({ at, state, reason: undefined, by: 'file:rule' });
const BEGUN = [truth(0, 'Starting'), truth(10_000, 'Busy'), truth(20_000, 'Idle')];

describe('what was shown is held against what was true', () => {
  test('each change counts with the time until it was shown', () => {
    const shown = [view(100, 'Starting'), view(10_300, 'Busy'), view(20_500, 'Idle')];
    expect(judge(BEGUN, shown)).toEqual({ latencies: [100, 300, 500], wrong: [], late: [], unknown: [] });
  });

  test('what was shown before the proof of it came is at once', () => {
    const shown = [view(100, 'Starting'), view(9500, 'Busy'), view(20_500, 'Idle')];
    expect(judge(BEGUN, shown)).toMatchObject({ latencies: [100, 0, 500], wrong: [] });
  });

  test('a state in between that was not true is wrong, and Unknown is counted apart', () => {
    const shown = [view(100, 'Starting'), view(10_300, 'Busy'), view(15_000, 'Idle'), view(15_400, 'Busy')];
    expect(judge(BEGUN, [...shown, view(16_000, 'Unknown'), view(20_100, 'Idle')])).toMatchObject({
      wrong: [expect.stringMatching(/^Idle by file:rule, while it was Busy/)],
      unknown: ['Unknown by file:rule'],
    });
  });

  test('more than two seconds are late, and never is wrong', () => {
    expect(judge(BEGUN, [view(100, 'Starting'), view(13_000, 'Busy'), view(20_100, 'Idle')])).toMatchObject({
      wrong: [],
      late: [expect.stringContaining('after 3000 ms')],
    });
    expect(judge(BEGUN, [view(100, 'Starting'), view(20_100, 'Idle')])).toMatchObject({
      wrong: [expect.stringContaining('never shown')],
    });
  });

  test('a state that goes on being shown, by other evidence, is late and no further mistake', () => {
    const other = { ...view(13_000, 'Starting'), by: 'hook:rule' };
    expect(judge(BEGUN, [view(100, 'Starting'), other, view(14_000, 'Busy'), view(20_100, 'Idle')])).toMatchObject({
      wrong: [],
      late: [expect.stringContaining('after 4000 ms')],
    });
  });

  test('what was over within two seconds need not have been seen, and what changed nothing is no change', () => {
    const brief = [truth(0, 'Idle'), truth(5000, 'Busy'), truth(5100, 'Idle'), truth(9000, 'Idle')];
    expect(judge(brief, [view(0, 'Idle')])).toMatchObject({ wrong: [], late: [] });
  });
});
