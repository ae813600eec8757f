import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  advance,
  firstDue,
  nextDue,
  onChangedProbe,
  type ProbeOutcome,
  UNPROBED,
} from '../../../controller/runtime/probes/probe-state.ts';

const SUCCEEDED: ProbeOutcome = { type: 'Succeeded' };
const failed = (message = 'exited with 1'): ProbeOutcome => ({ type: 'Failed', message });
const UNKNOWN: ProbeOutcome = { type: 'Unknown', message: 'no process could be made' };
const probe = { exec: { command: ['true'] } };
const after = (outcomes: readonly ProbeOutcome[], thresholds = {}) =>
  outcomes.reduce((state, outcome) => advance(state, outcome, thresholds), UNPROBED);

describe('the verdict', () => {
  test.each([
    ['is open at first', [], undefined],
    ['is good after one success', [SUCCEEDED], true],
    ['is open after two failures', [failed(), failed()], undefined],
    ['is bad after three', [failed(), failed(), failed()], false],
    ['stays good through two failures', [SUCCEEDED, failed(), failed()], true],
    ['counts failures in a row only', [SUCCEEDED, failed(), failed(), SUCCEEDED, failed()], true],
    ['is good again after one success', [failed(), failed(), failed(), SUCCEEDED], true],
    [
      '[unknown is not dead] is not changed by a probe that could not be run',
      [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN],
      undefined,
    ],
  ] as const)('%s', (_title, outcomes, verdict) => {
    expect(after(outcomes).verdict).toBe(verdict);
  });

  test('waits for as many successes as are asked for', () => {
    expect(after([SUCCEEDED], { successThreshold: 2 }).verdict).toBeUndefined();
    expect(after([SUCCEEDED, SUCCEEDED], { successThreshold: 2 }).verdict).toBe(true);
  });

  test('of a changed probe: what was good stays, what was bad is asked anew', () => {
    expect(onChangedProbe(after([SUCCEEDED])).verdict).toBe(true);
    expect(onChangedProbe(after([failed(), failed(), failed()])).verdict).toBeUndefined();
  });
});

test('a message that differs each time changes nothing while the failure goes on', () => {
  const once = after([failed('at 12:00'), failed('at 12:01'), failed('at 12:02')]);
  expect(once.message).toBe('at 12:02');
  expect(advance(once, failed('at 12:03'), {}).message).toBe('at 12:02');
  expect(advance(once, SUCCEEDED, {}).message).toBeUndefined();
});

test('the first probe waits for its delay, the others for their period, and missed ones are left out', () => {
  expect(firstDue({ ...probe, initialDelaySeconds: 3 }, 1000)).toBe(4000);
  expect(nextDue(probe, 1000, 2000)).toBe(11_000);
  expect(nextDue({ ...probe, periodSeconds: 1 }, 1000, 9000)).toBe(9000);
});

test('[property] the verdict changes only after as many outcomes in a row as the threshold says', () => {
  const outcome = fc.constantFrom<ProbeOutcome>(SUCCEEDED, failed(), UNKNOWN);
  const threshold = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.array(outcome), threshold, threshold, (outcomes, successThreshold, failureThreshold) => {
      let state = UNPROBED;
      let row: string[] = [];
      for (const one of outcomes) {
        const next = advance(state, one, { successThreshold, failureThreshold });
        if (one.type !== 'Unknown') row = row.at(-1) === one.type ? [...row, one.type] : [one.type];
        if (next.verdict !== state.verdict) {
          expect(row.length).toBeGreaterThanOrEqual(next.verdict === true ? successThreshold : failureThreshold);
          expect(row[0]).toBe(next.verdict === true ? 'Succeeded' : 'Failed');
        }
        state = next;
      }
    }),
  );
});
