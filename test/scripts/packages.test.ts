import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packagesAreCurrent } from '../../scripts/bootstrap/packages.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/muxlet-packages-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const project = { dependencies: { a: '^1.0.0' } };
const a = { version: '1.0.0', integrity: 'sha512-a' };
const forAnotherSystem = { version: '1.0.0', integrity: 'sha512-b', optional: true };

function write(locked: object, installed: object | undefined) {
  mkdirSync(`${folder}/node_modules/a`, { recursive: true });
  writeFileSync(`${folder}/node_modules/a/package.json`, '{}');
  writeFileSync(`${folder}/package-lock.json`, JSON.stringify({ packages: locked }));
  if (installed === undefined) return;
  writeFileSync(`${folder}/node_modules/.package-lock.json`, JSON.stringify({ packages: installed }));
}

describe('the installed packages are', () => {
  test('current if npm recorded those of the lock file', () => {
    write({ '': project, 'node_modules/a': a }, { 'node_modules/a': a });
    expect(packagesAreCurrent(folder)).toBe(true);
  });

  test('current if only a package for another system is absent', () => {
    write({ '': project, 'node_modules/a': a, 'node_modules/b': forAnotherSystem }, { 'node_modules/a': a });
    expect(packagesAreCurrent(folder)).toBe(true);
  });

  test('stale if node_modules is not npm’s', () => {
    write({ '': project, 'node_modules/a': a }, undefined);
    expect(packagesAreCurrent(folder)).toBe(false);
  });

  test('stale if a version differs', () => {
    write({ '': project, 'node_modules/a': a }, { 'node_modules/a': { ...a, version: '1.0.1' } });
    expect(packagesAreCurrent(folder)).toBe(false);
  });

  test('stale if a package is missing', () => {
    write({ '': project, 'node_modules/a': a, 'node_modules/c': a }, { 'node_modules/a': a });
    expect(packagesAreCurrent(folder)).toBe(false);
  });

  test('stale if a package is there that the lock file no longer has', () => {
    write({ '': project, 'node_modules/a': a }, { 'node_modules/a': a, 'node_modules/old': a });
    expect(packagesAreCurrent(folder)).toBe(false);
  });

  test('stale if a direct dependency was removed by hand', () => {
    write({ '': project, 'node_modules/a': a }, { 'node_modules/a': a });
    rmSync(`${folder}/node_modules/a`, { recursive: true });
    expect(packagesAreCurrent(folder)).toBe(false);
  });
});
