// Runs inside a box, as everything here does, and makes further ones in it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, networkInterfaces } from 'node:os';
import process from 'node:process';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';

const box = new URL('box.mjs', import.meta.url).href;

/** A process that runs `sh -c SCRIPT` in a box of its own. */
function boxed(script: string, env: Readonly<Record<string, string>> = {}) {
  const given = JSON.stringify({ env: { PATH: process.env['PATH'], ...env } });
  const program = `const { runInBox } = await import(${JSON.stringify(box)});
    process.exitCode = await runInBox(['sh', '-c', ${JSON.stringify(script)}], ${given});`;
  return ['--input-type=module', '--eval', program];
}

const running = (mark: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`sleep\0${mark}`);
    } catch {
      return false;
    }
  });

test('there is no network but loopback', async () => {
  expect(Object.keys(networkInterfaces())).toEqual(['lo']);
  await expect(fetch('http://192.0.2.1/', { signal: AbortSignal.timeout(5000) })).rejects.toMatchObject({
    cause: { code: 'ENETUNREACH' },
  });
});

test('home is empty and in memory, and the environment is what was given', () => {
  expect(homedir()).toBe('/tmp/home');
  expect(execFileSync('stat', ['--file-system', '--format=%T', '/tmp'], { encoding: 'utf8' }).trim()).toBe('tmpfs');
  const out = execFileSync(
    process.execPath,
    boxed('ls -A "$HOME"; ls -A /tmp; env | cut -d= -f1 | sort', { GIVEN: '1' }),
  );
  expect(out.toString().trim().split('\n')).toEqual(['home', 'GIVEN', 'HOME', 'PATH', 'PWD']);
});

test('its exit code is that of its command', () => {
  expect(() => execFileSync(process.execPath, boxed('exit 7'))).toThrow(expect.objectContaining({ status: 7 }));
});

test('a process whose parent has ended is taken in', () => {
  const script = '(sh -c "exit 0" & exec sleep 0.1) & sleep 0.5; grep -l "^State:.Z" /proc/[0-9]*/status; exit 0';
  expect(execFileSync(process.execPath, boxed(script)).toString()).toBe('');
});

test('a box inside sees its own loopback', () => {
  const listen =
    "require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log('up'); process.exit() })";
  expect(execFileSync(process.execPath, boxed(`${process.execPath} -e "${listen}"`)).toString()).toBe('up\n');
});

test.each(['SIGTERM', 'SIGKILL'] as const)('a %s of who started it ends all that is in it', async (signal) => {
  const mark = signal === 'SIGTERM' ? '86411' : '86412';
  const starter = spawn(process.execPath, boxed(`setsid sleep ${mark} & sleep ${mark}`), { stdio: 'ignore' });
  await eventually(
    () => running(mark).length === 2 || undefined,
    () => 'both processes',
    10_000,
  );
  starter.kill(signal);
  await eventually(
    () => running(mark).length === 0 || undefined,
    () => `their end, ${running(mark).length} are left`,
    5000,
  );
  for (const name of readdirSync('/tmp').filter((entry) => entry.startsWith('muxlet-box-'))) {
    rmSync(`/tmp/${name}`, { recursive: true });
  }
  expect(existsSync('/tmp/home')).toBe(true);
});
