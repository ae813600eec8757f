import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runInGroup } from '../../controller/exec/run-in-group.ts';

const options = { cwd: '/', env: { PATH: process.env['PATH'] ?? '', WORD: 'hello' }, timeoutMs: 10_000 };
const run = (argv: readonly string[], more = {}) =>
  runInGroup(argv, { ...options, signal: new AbortController().signal, ...more });

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  const end = Date.now() + 5000;
  while (lives(pid)) {
    if (Date.now() > end) throw new Error(`process ${pid} lives on`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('tells how a program ended and what it printed last', async () => {
  expect(await run(['sh', '-c', 'echo "$WORD"; pwd >&2; exit 3'])).toEqual({
    type: 'Exited',
    exitCode: 3,
    output: 'hello\n/\n',
  });
  expect(await run(['sh', '-c', 'kill -TERM $$'])).toEqual({ type: 'Signalled', signal: 'SIGTERM', output: '' });
  const long = await run(['seq', '1', '100000']);
  expect(long).toMatchObject({ type: 'Exited', exitCode: 0, output: expect.stringMatching(/\n100000\n$/) });
  expect('output' in long && long.output.length).toBeLessThanOrEqual(4096);
});

test('gives it no input and no terminal', async () => {
  expect(await run(['sh', '-c', 'cat; (: < /dev/tty) 2>/dev/null || echo none'])).toMatchObject({ output: 'none\n' });
});

test('kills a program that takes too long, with all that it started', async () => {
  const result = await run(['sh', '-c', 'sleep 1000 & echo $!; wait'], { timeoutMs: 300 });
  expect(result).toMatchObject({ type: 'TimedOut', output: expect.stringMatching(/^\d+\n$/) });
  await gone(Number('output' in result ? result.output : 0));
});

test('leaves nothing behind when a program ends by itself', async () => {
  const startedAt = Date.now();
  const result = await run(['sh', '-c', 'sleep 1000 & echo $!']);
  expect(result).toMatchObject({ type: 'Exited', exitCode: 0 });
  expect(Date.now() - startedAt).toBeLessThan(5000);
  await gone(Number('output' in result ? result.output : 0));
});

test('ends at its signal', async () => {
  const stop = new AbortController();
  const running = run(['sleep', '1000'], { signal: stop.signal });
  stop.abort();
  expect(await running).toEqual({ type: 'Aborted' });
  expect(await run(['sleep', '1000'], { signal: stop.signal })).toEqual({ type: 'Aborted' });
});

test('tells why a program could not be started', async () => {
  expect(await run(['no-such-program-here'])).toEqual({ type: 'NotStarted', code: 'ENOENT' });
  expect(await run(['true'], { cwd: '/no/such/folder' })).toEqual({ type: 'NotStarted', code: 'ENOENT' });
  expect(await run(['true'], { cwd: '/etc/passwd' })).toEqual({ type: 'NotStarted', code: 'ENOTDIR' });
  expect(await run(['true', 'x'.repeat(200_000)])).toEqual({ type: 'NotStarted', code: 'E2BIG' });
  expect(await run([''])).toMatchObject({ type: 'NotStarted' });
});

test.runIf(process.platform === 'linux')('is told, and ends nobody, where no descriptors are left', async () => {
  const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '';
  const setLimit = (soft: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${soft}:`]);
  setLimit('200');
  const opened: number[] = [];
  try {
    try {
      for (;;) opened.push(openSync('/dev/null', 'r'));
    } catch {
      // All of them.
    }
    expect(await run(['true'])).toEqual({ type: 'NotStarted', code: 'EMFILE' });
  } finally {
    for (const fd of opened) closeSync(fd);
    setLimit(limit);
  }
});

test('says whether what it kept apart is all that was printed', async () => {
  const kept = (script: string, stdoutBytes: number) => run(['sh', '-c', script], { stdoutBytes });
  expect(await kept('echo hello', 6)).toMatchObject({ stdout: 'hello\n', isWhole: true });
  expect(await kept('echo hello', 5)).toMatchObject({ stdout: 'hello', isWhole: false });
});

test('does not take the first part of it for all where the loop is kept busy', async () => {
  const script = 'i=0; while [ $i -lt 4000 ]; do echo "line $i of many that fill a pipe"; i=$((i+1)); done; echo last';
  const result = run(['sh', '-c', script], { stdoutBytes: 1_000_000 });
  const busy = setInterval(() => {
    const until = performance.now() + 150;
    while (performance.now() < until);
  }, 1);
  const ended = await result.finally(() => {
    clearInterval(busy);
  });
  const isAll = 'stdout' in ended && ended.stdout?.endsWith('last\n') === true;
  expect(ended).toMatchObject({ type: 'Exited', isWhole: isAll });
});

test('a time longer than timers can have is no shorter one', async () => {
  expect(await run(['sh', '-c', 'exec sleep 0.05'], { timeoutMs: 60 * 86_400_000 })).toMatchObject({ type: 'Exited' });
});
