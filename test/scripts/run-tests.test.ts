import { expect, test } from 'vitest';
import { countsOf } from '../../scripts/run-tests.mjs';

const passed = { status: 'passed', fullName: 'a' };
const failed = { status: 'failed', fullName: 'b', failureMessages: ['Error: it was 3\n    at x:1:1'] };
const skipped = { status: 'pending', fullName: 'suite c' };

function report(...files: [string, (typeof passed)[]][]) {
  return { testResults: files.map(([status, assertionResults]) => ({ name: 'x', status, assertionResults })) };
}

test('tests are counted by their end', () => {
  expect(countsOf(report(['passed', [passed, skipped]], ['failed', [passed, failed]]), false)).toEqual({
    passed: 2,
    failed: 1,
    failures: ['x: b: Error: it was 3'],
    skipped: ['suite c'],
  });
});

test('a file that cannot be loaded counts as a failed test', () => {
  expect(countsOf(report(['passed', [passed]], ['failed', []]), false)).toMatchObject({
    passed: 1,
    failed: 1,
    failures: ['x: could not be run'],
  });
});

test('an end that no test explains counts as a failed test', () => {
  expect(countsOf(report(['passed', [passed]]), false)).toMatchObject({ passed: 1, failed: 1 });
});

test('a run without a report counts as a failed test', () => {
  expect(countsOf(undefined, true)).toMatchObject({ passed: 0, failed: 1, skipped: [] });
  expect(countsOf(undefined, false)).toMatchObject({ passed: 0, failed: 1, skipped: [] });
});
