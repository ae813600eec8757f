import { expect, test } from 'vitest';
import type { Problem } from '../../controller/api/problem.ts';
import { createPrettyLog } from '../../controller/wiring/log.ts';
import { createProblemTeller } from '../../controller/wiring/tell.ts';

function recorder() {
  const lines: string[] = [];
  const output = { write: (text: string) => lines.push(text.slice(10).trimEnd()) };
  return { lines, log: createPrettyLog(output, false, () => 0) };
}

const problem: Problem = {
  code: 'InvalidField',
  severity: 'Error',
  file: 'web.yaml',
  line: 3,
  column: 5,
  field: 'spec.agnets',
  message: 'there is no such field',
};

test('each problem is said once, and its end as well', () => {
  const { lines, log } = recorder();
  const tell = createProblemTeller(log);
  for (const problems of [[], [problem], [problem], [], []]) tell(problems);
  expect(lines).toEqual(['web.yaml:3:5: spec.agnets: there is no such field', 'no problems in the specs any more']);
});
