import { expect, test } from 'vitest';
import { formatProblem } from '../../../controller/api/problem.ts';
import { validateText } from '../../../controller/store/specs/validate-text.ts';

function problemsOf(completion: string): string[] {
  const text = `apiVersion: muxlet.dev/v1alpha1
kind: Project
metadata: {name: web}
spec:
  agents: [{name: dev}, {name: ops}]
  completion:
${completion}`;
  return validateText(text, 'specs/web.yaml').problems.map(formatProblem);
}

const REPORT = '      - report: {}\n';
const SCREEN = '      - screen: {matching: complete}\n';

test.each([
  [
    'rules that are met by the screen alone',
    `    rules:\n${SCREEN}`,
    /web\.yaml:8:17.*never enough by itself.*add a rule of another kind/,
  ],
  [
    'one of which is enough',
    `    require: Any\n    rules:\n${REPORT}${SCREEN}`,
    /web\.yaml:10:17.*never enough by itself/,
  ],
  [
    'so many of which are enough',
    `    require: Quorum\n    quorum: 2\n    rules:\n${REPORT}${SCREEN}${SCREEN}`,
    /never enough by itself.*more rules than the 2 of the screen/,
  ],
  [
    'a pattern that is none',
    `    rules:\n      - commits: {matching: "("}\n`,
    /web\.yaml:8:29.*Invalid regular expression/,
  ],
  [
    'an agent that is none',
    `    rules:\n      - report: {}\n        agents: [dve]\n`,
    /web\.yaml:9:18.*no agent dve.*agents: dev, ops/,
  ],
  ['two of a name', `    rules:\n      - {name: report-2, idle: {}}\n${REPORT}`, /two rules are called report-2/],
  ['a quorum that is missing', `    require: Quorum\n    rules:\n${REPORT}`, /web\.yaml:7:14.*quorum is missing/],
  [
    'a quorum of more than there are',
    `    require: Quorum\n    quorum: 2\n    rules:\n${REPORT}`,
    /2 is more than there are rules/,
  ],
  ['a quorum that is not asked for', `    quorum: 1\n    rules:\n${REPORT}`, /not used with require: All/],
  ['a path that leads out', `    rules:\n      - file: {path: ../DONE}\n`, /web\.yaml:8:22/],
  ['two signs in one rule', `    rules:\n      - {report: {}, idle: {}}\n`, /give either report or commits/],
])('[S102] a completion with %s is a problem', (_what, completion, problem) => {
  const problems = problemsOf(completion);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.replaceAll('\n', ' ')).toMatch(problem);
});

test.each([
  `    rules:\n${REPORT}${SCREEN}`,
  `    require: Quorum\n    quorum: 2\n    rules:\n${REPORT}${REPORT}${SCREEN}`,
  `    rules:\n      - {idle: {for: 5m}, agents: [ops], of: Any}\n`,
])('is none otherwise: %s', (completion) => {
  expect(problemsOf(completion)).toEqual([]);
});
