import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Entry, missingOptionals } from '../../scripts/complete-lock.mjs';

const text = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, Entry> };

test('the lock file names no registry, so that each machine asks its own', () => {
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(Object.keys(packages).filter((path) => 'resolved' in (packages[path] ?? {}))).toEqual([]);
});

test('the lock file holds the packages of every system, else npm ci fails (scripts/complete-lock.mjs adds them)', () => {
  expect(missingOptionals(packages).map(({ path }) => path)).toEqual([]);
});

test('an optional package that is nowhere on the way up to the root is missing', () => {
  const optionalDependencies = { c: '1.0.0' };
  const inner = { 'node_modules/a/node_modules/b': { optionalDependencies } };
  expect(missingOptionals(inner)).toMatchObject([{ path: 'node_modules/c', version: '1.0.0' }]);
  expect(missingOptionals({ ...inner, 'node_modules/a/node_modules/c': {} })).toEqual([]);
  expect(missingOptionals({ ...inner, 'node_modules/c': {} })).toEqual([]);
});
