import { expect, test } from 'vitest';
import { readReport } from '../../controller/api/report.ts';

const REPORT = { id: 'r', type: 'done', text: '', at: 1, project: 'web', agent: 'a', uid: 'u', run: '1-1' };

test.each([
  [REPORT, true],
  [{ ...REPORT, generation: 2 }, true],
  [{ ...REPORT, id: 'another' }, false],
  [{ ...REPORT, type: 'Done' }, false],
  [{ ...REPORT, at: 1e300 }, false],
  [{ ...REPORT, at: '1' }, false],
  [{ ...REPORT, run: undefined }, false],
  [{ ...REPORT, generation: 'x' }, false],
  [null, false],
  [[], false],
  ['done', false],
])('[S110] %j is a report: %s', (raw, is) => {
  expect(readReport(raw, 'r') !== undefined).toBe(is);
});
