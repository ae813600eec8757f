import { expect, test } from 'vitest';
import type { ProjectSpec } from '../../controller/api/generated/all.ts';
import { specHashOf } from '../../controller/api/normalise.ts';
import { courseOf, inputsOf } from '../../controller/api/normalise-course.ts';

const SPEC: ProjectSpec = { agents: [{ name: 'dev', command: ['true'] }] };
const HOUR = 3_600_000;

test.each([
  ['small', 4],
  ['medium', 6],
  ['large', 8],
  ['xlarge', 12],
] as const)(
  '[S61] work of size %s may take %i hours, and more for trouble with a login and for activity',
  (size, hours) => {
    expect(courseOf({ ...SPEC, size }).deadline).toMatchObject({
      afterMs: hours * HOUR,
      extensions: 3,
      extendByMs: HOUR / 4,
      allowances: { LoginTrouble: HOUR, RecentActivity: HOUR / 2 },
    });
  },
);

test('a deadline that is given counts before the size, and is taken literally', () => {
  expect(courseOf({ ...SPEC, size: 'large', deadline: { after: '90s' } }).deadline).toMatchObject({
    afterMs: 90_000,
    allowances: { LoginTrouble: 0, RecentActivity: 0 },
  });
  expect(courseOf({ ...SPEC, size: 'small', deadline: { extensions: 1 } }).deadline).toMatchObject({
    afterMs: 4 * HOUR,
    extensions: 1,
    allowances: { LoginTrouble: HOUR },
  });
  expect(courseOf({ ...SPEC, deadline: { grace: '1m' } }).deadline).toBeUndefined();
});

test.each<[string, Partial<ProjectSpec>]>([
  ['queue', { queue: 'night' }],
  ['priority', { priority: 3 }],
  ['hold', { hold: true }],
  ['suspend', { suspend: true, suspendPolicy: 'KeepSession' }],
  ['sessionAfterFinished', { sessionAfterFinished: 'End' }],
  ['ttlAfterFinished', { ttlAfterFinished: '1h' }],
])('%s changes no outcome', (_, change) => {
  expect(inputsOf({ ...SPEC, ...change })).toBe(inputsOf(SPEC));
});

test.each<[string, Partial<ProjectSpec>]>([
  ['goal', { goal: 'Another one.' }],
  ['repo', { repo: '/src' }],
  ['dependsOn', { dependsOn: ['base'] }],
  ['size', { size: 'small' }],
  ['deadline', { deadline: { after: '1h' } }],
  ['retry', { retry: { limit: 1 } }],
  ['agents', { agents: [{ name: 'dev', command: ['false'] }] }],
])('%s may change the outcome', (_, change) => {
  expect(inputsOf({ ...SPEC, ...change })).not.toBe(inputsOf(SPEC));
});

test('a generation is one of the spec alone', () => {
  const labelled = { metadata: { labels: { team: 'a' } }, spec: SPEC };
  expect(specHashOf(labelled)).toBe(specHashOf({ spec: SPEC }));
  expect(specHashOf(labelled)).not.toBe(specHashOf({ spec: { ...SPEC, goal: 'Another one.' } }));
});
