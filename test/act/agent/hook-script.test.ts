import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hookScript } from '../../../controller/act/agent/hook-script.ts';

const RUN = '1700000000000-abcd';
let folder: string;
let hook: string;
let records: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mux hook's-"));
  hook = join(folder, 'hook');
  records = join(folder, 'hooks.json-seq');
  writeFileSync(hook, hookScript(RUN, records));
  chmodSync(hook, 0o700);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function call(input: string, { args = [] as string[], run = RUN } = {}) {
  const env = { PATH: process.env['PATH'], MUXLET_RUN: run };
  const { status, stdout, stderr } = spawnSync(hook, args, { input, env, encoding: 'utf8' });
  return { status, printed: stdout + stderr };
}

const SILENT = { status: 0, printed: '' };

function read(): readonly { readonly at: number; readonly payload: string }[] {
  return readFileSync(records, 'utf8')
    .split('\x1e')
    .slice(1)
    .map((record) => {
      const [, at = '', payload = ''] = /^(\d+) ([\s\S]*)\n$/.exec(record) ?? [];
      return { at: Number(at), payload };
    });
}

describe('the hook program', () => {
  test('appends what it is told with the time, and says nothing', () => {
    const payload = '{"hook_event_name":"Stop","text":"a\\\\nb $HOME `id` %s \'q\' é"}';
    const before = Date.now();
    expect(call(payload)).toEqual(SILENT);
    const [record] = read();
    expect(record?.payload).toBe(payload);
    expect(record?.at).toBeGreaterThanOrEqual(before - 1);
    expect(record?.at).toBeLessThanOrEqual(Date.now());
  });

  test('what it writes is for the user alone: tools print secrets', () => {
    expect(call('{}')).toEqual(SILENT);
    expect(statSync(records).mode & 0o777).toBe(0o600);
  });

  test('takes its last argument, where it is given one', () => {
    expect(call('', { args: ['--client', '{"type":"agent-turn-complete"}'] })).toEqual(SILENT);
    expect(read()[0]?.payload).toBe('{"type":"agent-turn-complete"}');
  });

  test('keeps a payload of several lines and of two megabytes whole', () => {
    const payload = JSON.stringify({ text: 'x'.repeat(2_000_000) }, null, 2);
    expect(call(payload)).toEqual(SILENT);
    expect(read()[0]?.payload).toBe(payload);
  });

  test('drops what another run says, and takes what has no run', () => {
    expect(call('{}', { run: 'other' })).toEqual(SILENT);
    expect(existsSync(records)).toBe(false);
    expect(call('{}', { run: '' })).toEqual(SILENT);
    expect(read()).toHaveLength(1);
  });

  test.each([
    ['the folder is gone', () => rmSync(folder, { recursive: true }), true],
    ['the file cannot be written', () => execFileSync('mkdir', [records]), false],
  ])('neither fails nor prints where %s', (_, spoil, gone) => {
    const text = readFileSync(hook, 'utf8');
    spoil();
    const { status, stdout, stderr } = spawnSync('sh', ['-c', text], { input: '{}', encoding: 'utf8' });
    expect({ status, printed: stdout + stderr }).toEqual(SILENT);
    expect(existsSync(folder)).toBe(!gone);
  });

  test('200 at once are 200 whole records', async () => {
    const run = promisify(execFile);
    const payloads = Array.from({ length: 200 }, (_, index) =>
      JSON.stringify({ index, text: 'y'.repeat(index * 500) }),
    );
    const env = { PATH: process.env['PATH'], MUXLET_RUN: RUN };
    await Promise.all(
      payloads.map((payload) => {
        const child = run(hook, [], { env });
        child.child.stdin?.end(payload);
        return child;
      }),
    );
    const got = read().map(({ payload }) => payload);
    expect(got.sort()).toEqual(payloads.sort());
  });
});
