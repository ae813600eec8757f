import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lookAtClass } from '../../../controller/observe/program/look-at-class.ts';

test('the login of a class with a HOME of its own is looked for there', async () => {
  const root = mkdtempSync(join(tmpdir(), 'muxlet-class-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [home, seconds] of [
    ['mine', 1000],
    ['other', 2000],
  ] as const) {
    const file = join(root, home, '.claude', '.credentials.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{}');
    utimesSync(file, seconds, seconds);
  }
  const spec = { auth: { files: ['{{ home }}/.claude/.credentials.json'], login: 'log in' } };
  const { signal } = new AbortController();
  const look = (env: Record<string, string>) => lookAtClass(spec, { env, home: join(root, 'mine'), signal });

  expect(await look({ HOME: join(root, 'other') })).toMatchObject({ filesAt: 2_000_000 });
  expect(await look({})).toMatchObject({ filesAt: 1_000_000 });
});
