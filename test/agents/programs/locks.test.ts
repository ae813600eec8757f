import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Entry, missingOptionals } from '../../../scripts/complete-lock.mjs';
import { CLASSES, programOf } from '../programs.mjs';

test.each(['node', ...CLASSES])(
  '%s is pinned to one version, from no registry in particular, for every system',
  (name) => {
    const { source, version } = programOf(name);
    const { packages } = JSON.parse(readFileSync(`${source}/package-lock.json`, 'utf8')) as {
      packages: Record<string, Entry>;
    };
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Object.values(packages).filter((entry) => 'resolved' in entry)).toEqual([]);
    expect(missingOptionals(packages).map(({ path }) => path)).toEqual([]);
  },
);
