import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecrets } from '../../controller/observe/secrets.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a value in a file is read without its last line break, and taken out of what is printed', async () => {
  const fromFile = join(folder, 'key');
  writeFileSync(fromFile, 'top-secret\n');
  const secrets = createSecrets({});
  expect(await secrets.resolve([{ name: 'KEY', fromFile }])).toEqual({ KEY: 'top-secret' });
  expect(await secrets.redact([], ['the key is top-secret.'])).toEqual(['the key is [redacted].']);
});

test('a pipe, a folder and what has no end hold nobody up', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const secrets = createSecrets({});
  for (const fromFile of [pipe, folder, '/dev/zero']) {
    await expect(secrets.resolve([{ name: 'KEY', fromFile }])).rejects.toMatchObject({ code: 'MUX_SECRET_UNREADABLE' });
  }
});
