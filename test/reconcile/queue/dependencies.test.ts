import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Dependencies, unmetDependency } from '../../../controller/reconcile/queue/dependencies.ts';

type Result = 'Completed' | 'Failed' | undefined;

function world(
  projects: Readonly<Record<string, readonly string[]>>,
  results: Readonly<Record<string, Result>> = {},
): Dependencies {
  return {
    dependsOn: (name) => projects[name],
    result: (name) => results[name],
    names: () => Object.keys(projects),
  };
}

const why = (project: string, dependencies: Dependencies) => unmetDependency(project, dependencies);

test('all that it depends on have to be completed', () => {
  const projects = { a: ['b', 'c'], b: [], c: [] };
  expect(why('a', world(projects))).toMatchObject({
    reason: 'DependencyPending',
    message: 'it waits until b, c is completed',
  });
  expect(why('a', world(projects, { b: 'Completed' }))?.message).toBe('it waits until c is completed');
  expect(why('a', world(projects, { b: 'Completed', c: 'Failed' }))).toMatchObject({ reason: 'DependencyFailed' });
  expect(why('a', world(projects, { b: 'Completed', c: 'Completed' }))).toBeUndefined();
});

test('one that does not exist is named, with the one that was meant', () => {
  expect(why('a', world({ a: ['buidl'], build: [] }))).toEqual({
    reason: 'DependencyMissing',
    message: 'it depends on buidl, which does not exist; build does',
  });
});

test('a cycle is named in order, from each of its members on, and blocks nobody else', () => {
  const dependencies = world({ a: ['b'], b: ['c'], c: ['a'], d: ['a'], e: [] });
  expect(why('a', dependencies)?.message).toBe('it depends on itself: a → b → c → a');
  expect(why('c', dependencies)?.message).toBe('it depends on itself: c → a → b → c');
  expect(why('d', dependencies)?.reason).toBe('DependencyPending');
  expect(why('e', dependencies)).toBeUndefined();
  expect(why('a', world({ a: ['a'] }))?.message).toBe('it depends on itself: a → a');
});

test('what is completed closes no cycle', () => {
  expect(why('a', world({ a: ['b'], b: ['a'] }, { b: 'Completed' }))).toBeUndefined();
});

test('in any graph, those and only those are on a cycle that reach themselves', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const graphs = fc.dictionary(fc.constantFrom(...names), fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }));
  fc.assert(
    fc.property(graphs, (found) => {
      const graph = { ...Object.fromEntries(names.map((name) => [name, [] as string[]])), ...found };
      for (const name of names) {
        const ground = why(name, world(graph));
        expect(ground?.reason === 'DependencyCycle').toBe(reaches(name, name, graph));
        if (ground?.reason !== 'DependencyCycle') continue;
        const path = ground.message.replace('it depends on itself: ', '').split(' → ');
        expect([path[0], path.at(-1)]).toEqual([name, name]);
        for (const [index, step] of path.slice(1).entries()) expect(graph[path[index] ?? '']).toContain(step);
      }
    }),
  );
});

function reaches(from: string, to: string, graph: Readonly<Record<string, readonly string[]>>): boolean {
  const open = [...(graph[from] ?? [])];
  for (const name of open) {
    if (name === to) return true;
    open.push(...(graph[name] ?? []).filter((next) => !open.includes(next)));
  }
  return false;
}
