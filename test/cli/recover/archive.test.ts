import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRedactor } from '../../../controller/cli/recover/secrets.ts';
import { tarOf } from '../../../controller/cli/recover/tar.ts';

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'muxlet-tar-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('what is archived, tar unpacks: long names, empty files, sizes round a block', () => {
  const folder = directory();
  const long = `${'p'.repeat(63)}/${'a'.repeat(63)}.txt`;
  const entries = [0, 511, 512, 513, 70_000].map((size) => ({ path: `d/${size}.txt`, text: 'x'.repeat(size) }));
  const all = [...entries, { path: `d/logs/${long}`, text: 'ünï ✓' }];
  writeFileSync(join(folder, 'a.tar'), tarOf(all, Date.parse('2026-03-01T12:00:00Z')));
  execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder });
  for (const { path, text } of all) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  expect(statSync(join(folder, 'd/0.txt')).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'd/0.txt')).mtime.toISOString()).toBe('2026-03-01T12:00:00.000Z');
});

test('values of variables are taken out wherever they stand: declared, from the environment, from files', async () => {
  const folder = directory();
  writeFileSync(join(folder, 'key'), 'first line\nsecond line\n');
  const spec = {
    env: [
      { name: 'A', value: 'inline-value' },
      { name: 'B', valueFrom: { env: 'FROM' } },
      { name: 'C', valueFrom: { file: '~/key' } },
      { name: 'D', value: 'x' },
    ],
  };
  const env = { FROM: 'from-env-value', MY_API_KEY: 'by-its-name', HOME: folder, SSH_KEY: '/home/a/key' };
  const { text, value } = await createRedactor([spec], env, folder);
  expect(text('inline-value from-env-value second line by-its-name')).toBe('[removed] [removed] [removed] [removed]');
  expect(text('/home/a/key x')).toBe('/home/a/key x');
  expect(value({ spec, note: ['an inline-value', 7] })).toEqual({
    spec: {
      env: [
        { name: 'A', value: '[removed]' },
        { name: 'B', valueFrom: { env: 'FROM' } },
        { name: 'C', valueFrom: { file: '~/key' } },
        { name: 'D', value: '[removed]' },
      ],
    },
    note: ['an [removed]', 7],
  });
});

test('what an Alert sends by is taken out as well: the address of a webhook, headers, passwords', async () => {
  const folder = directory();
  writeFileSync(join(folder, 'pw'), 'mail-password\n');
  const receivers = [
    {
      name: 'chat',
      webhook: {
        url: { value: 'https://chat.example.org/T0/B0/xyzzy' },
        headers: [{ name: 'X-Token', value: 'header-value' }],
      },
    },
    { name: 'other', webhook: { url: { valueFrom: { env: 'HOOK' } } } },
    { name: 'oncall', mail: { auth: { user: 'me', password: { file: '~/pw' } } } },
  ];
  const { text, value } = await createRedactor([{ spec: { receivers } }], { HOOK: 'https://other/zyx' }, folder);
  expect(text('header-value mail-password https://other/zyx https://chat.example.org/T0/B0/xyzzy')).toBe(
    '[removed] [removed] [removed] [removed]',
  );
  expect(JSON.stringify(value({ receivers }))).not.toMatch(/xyzzy|header-value/);
  expect(value({ metadata: { url: 'https://git.example.org/x' } })).toEqual({
    metadata: { url: 'https://git.example.org/x' },
  });
});
