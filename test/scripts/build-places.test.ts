import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clearUp, putInPlace } from '../../scripts/build/places.mjs';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'muxlet-dist-'));
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

const folder = (name: string, file: string): string => {
  mkdirSync(join(dist, name));
  writeFileSync(join(dist, name, file), '');
  return join(dist, name);
};

it('removes what a killed build has left behind, and leaves one alone that goes on', () => {
  // No process has a number as high as this one.
  for (const name of ['.next-4999999', '.old-4999999', `.next-${process.pid}`, 'controller', '.next-mine'])
    folder(name, 'x');
  clearUp(dist);
  expect(readdirSync(dist).sort()).toEqual([`.next-${process.pid}`, '.next-mine', 'controller'].sort());
  clearUp(join(dist, 'none'));
});

it('puts what was built in its place, whatever stands there', () => {
  const place = join(dist, 'controller');
  const old = join(dist, '.old-1');
  putInPlace(folder('first', 'a'), place, old);
  expect(readdirSync(place)).toEqual(['a']);
  folder('.old-1', 'of a build that was killed');
  putInPlace(folder('second', 'b'), place, old);
  expect([readdirSync(place), readdirSync(old)]).toEqual([['b'], ['a']]);
});
