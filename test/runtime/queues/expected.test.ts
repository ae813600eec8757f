import { expect, test } from 'vitest';
import type { ProjectSpec } from '../../../controller/api/generated/all.ts';
import { createExpected } from '../../../controller/runtime/queues/expected.ts';

const AGENTS: ProjectSpec['agents'] = [{ name: 'main' }];

function world(specs: Record<string, Partial<ProjectSpec>>, known: readonly string[] = []) {
  let now = 1000;
  const expected = createExpected({
    now: () => now,
    spec: (project) => (specs[project] === undefined ? undefined : { agents: AGENTS, ...specs[project] }),
    arrival: (project) => ({ at: 1000, order: Object.keys(specs).indexOf(project) + 1 }),
    isKnown: (project) => known.includes(project),
  });
  expected.declared(Object.keys(specs).map((name) => `project/${name}` as const));
  const names = (queue = 'night') => expected.of(queue).map(({ project }) => project);
  return { expected, specs, names, pass: (ms: number) => void (now += ms) };
}

const NIGHT = { queue: 'night' };

test('expected are those that the queue would have in its line, until they are looked at', () => {
  const { expected, names } = world({
    a: { ...NIGHT, priority: 3 },
    held: { ...NIGHT, hold: true },
    suspended: { ...NIGHT, suspend: true },
    other: { queue: 'day' },
    none: {},
    b: NIGHT,
  });
  expect(expected.of('night')).toEqual([
    { project: 'a', priority: 3, createdAt: 1000, order: 1 },
    { project: 'b', priority: 0, createdAt: 1000, order: 6 },
  ]);
  expect(names('day')).toEqual(['other']);
  expected.met('a');
  expect(names()).toEqual(['b']);
});

test('who is on record is not expected; who is gone, or cannot be looked at for long, is not any more', () => {
  const { names, specs, pass } = world({ a: NIGHT, b: NIGHT, c: NIGHT }, ['a']);
  expect(names()).toEqual(['b', 'c']);
  delete specs['b'];
  expect(names()).toEqual(['c']);
  pass(10_001);
  expect(names()).toEqual([]);
});
