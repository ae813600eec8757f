import { expect, test } from 'vitest';
import type { RunStatus } from '../../../controller/api/generated/all.ts';
import { resultText, runRows, timeLeft } from '../../../controller/cli/render/run-rows.ts';

const NOW = Date.UTC(2030, 0, 1);
const iso = (ms: number): string => new Date(NOW + ms).toISOString();
const RUN: RunStatus = { attempt: 2, stage: 'Active', stageSince: iso(0), activeSeconds: 60, extensions: 0 };

test('the time left is that until the deadline, or what was left when the clock stood still', () => {
  expect(timeLeft({ ...RUN, deadlineAt: iso(7_200_000), leftSeconds: 9000 }, NOW)).toBe('120m');
  expect(timeLeft({ ...RUN, deadlineAt: iso(-5000) }, NOW)).toBe('0s');
  expect(timeLeft({ ...RUN, leftSeconds: 90 }, NOW)).toBe('90s (stands)');
  expect(timeLeft(RUN, NOW)).toBe('');
  expect(timeLeft(undefined, NOW)).toBe('');
});

test('a result is told with its reason, once there is one', () => {
  expect(resultText(RUN)).toBe('');
  expect(resultText({ ...RUN, result: 'Completed', reason: 'Completed' })).toBe('Completed');
  expect(resultText({ ...RUN, result: 'Failed', reason: 'AgentFailed' })).toBe('Failed (AgentFailed)');
});

test('a description says how far the attempt has come, and nothing of what there is not', () => {
  expect(runRows(undefined, NOW)).toEqual([]);
  expect(runRows(RUN, NOW)).toEqual([['Attempt', '2 (Active)']]);
  const late = { ...RUN, extensions: 2, deadlineAt: iso(60_000), heartbeatAt: iso(-10_000) };
  expect(runRows(late, NOW)).toEqual([
    ['Attempt', '2 (Active)'],
    ['Time Left', '60s, moved on 2 times'],
    ['Last Work', '10s ago'],
  ]);
  const failed = {
    ...RUN,
    stage: 'Finished',
    result: 'Failed',
    reason: 'AgentFailed',
    message: 'dev: exited with 1',
  } as const;
  expect(runRows(failed, NOW).at(-1)).toEqual(['Result', 'Failed (AgentFailed): dev: exited with 1']);
});
