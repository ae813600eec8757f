import { expect, test } from 'vitest';
import { unmetSource } from '../../../controller/reconcile/gitsource/dependencies.ts';

function unmet(source: string, graph: Record<string, string[]>, ready: string[] = []) {
  return unmetSource(source, {
    dependsOn: (name) => graph[name],
    isReady: (name) => ready.includes(name),
    names: () => Object.keys(graph),
  });
}

test('a source waits for those that it depends on, until they are Ready', () => {
  const graph = { base: [], team: ['base'] };
  expect(unmet('base', graph)).toBeUndefined();
  expect(unmet('team', graph)).toMatchObject({ reason: 'DependencyPending' });
  expect(unmet('team', graph, ['base'])).toBeUndefined();
});

test('one that does not exist is named, with the one that was meant', () => {
  const found = unmet('team', { base: [], team: ['bsae'] });
  expect(found).toMatchObject({ reason: 'DependencyMissing' });
  expect(found?.message).toContain('bsae, which does not exist; base does');
});

test('a cycle is named in order, by its members alone, Ready or not', () => {
  const graph = { a: ['b'], b: ['c'], c: ['a'], d: ['a'] };
  expect(unmet('a', graph, ['a', 'b', 'c'])?.message).toBe('it depends on itself: a → b → c → a');
  expect(unmet('d', graph)).toMatchObject({ reason: 'DependencyPending' });
  expect(unmet('e', { e: ['e'] })?.message).toBe('it depends on itself: e → e');
});
