import { closeSync, constants, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ProcessStat } from '../../controller/observe/process-table.ts';
import { createTerminalHints, type TerminalHints } from '../../controller/observe/terminal-hints.ts';

const PID = 4711;
let folder: string;
let terminal: string | undefined;
/** Processes that have ended. */
const gone = new Set<number>();
let hints: TerminalHints;

function stat(pid: number): ProcessStat | 'Gone' {
  if (gone.has(pid)) return 'Gone';
  return alive(pid);
}

function alive(pid: number): ProcessStat {
  const rest = { parent: 1, session: pid, zombie: false, startTime: '1', name: 'agent' };
  return { pid, ...rest, ...(terminal !== undefined && { terminal }) };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muxlet-terminals-'));
  terminal = '7';
  gone.clear();
  writeFileSync(join(folder, '7'), '');
  hints = createTerminalHints({ stat, folder, tryOut: () => writeFileSync(join(folder, 'new'), '') });
});

afterEach(() => {
  hints.close();
  rmSync(folder, { recursive: true });
});

const remove = (): void => rmSync(join(folder, '7'));
const heard = (listener: ReturnType<typeof vi.fn>): Promise<void> =>
  vi.waitFor(() => expect(listener).toHaveBeenCalledOnce(), { interval: 1 });

it('tells once that the terminal of a run is gone', async () => {
  const ended = vi.fn();
  hints.watch('run', PID, ended);
  hints.watch('run', PID, ended);
  remove();
  await heard(ended);
});

it('tells nothing of terminals that come, or that are no longer a run’s', async () => {
  const [forgotten, before, now] = [vi.fn(), vi.fn(), vi.fn()];
  hints.watch('forgotten', PID, forgotten);
  hints.forget('forgotten');
  hints.watch('before', PID, before);
  hints.watch('now', PID, now);
  writeFileSync(join(folder, '8'), '');
  remove();
  await heard(now);
  expect([forgotten, before].map((listener) => listener.mock.calls.length)).toEqual([0, 0]);
});

it('tells that a terminal is gone also where another one had its name before anybody could look', async () => {
  const ended = vi.fn();
  hints.watch('run', PID, ended);
  await hints.tell();
  gone.add(PID);
  remove();
  writeFileSync(join(folder, '7'), '');
  await heard(ended);
});

it('tells of a run whose terminal is another one’s by now', () => {
  const [before, now] = [vi.fn(), vi.fn()];
  hints.watch('before', PID, before);
  gone.add(PID);
  hints.watch('now', PID + 1, now);
  expect([before, now].map((listener) => listener.mock.calls.length)).toEqual([1, 0]);
});

it('listens again to a run that lives on after its hint', async () => {
  const [first, second] = [vi.fn(), vi.fn()];
  hints.watch('run', PID, first);
  remove();
  await heard(first);
  writeFileSync(join(folder, '7'), '');
  hints.watch('run', PID, second);
  remove();
  await heard(second);
});

it('remembers what it heard of a run, until that is seen to live', async () => {
  const ended = vi.fn();
  hints.watch('run', PID, ended);
  expect(hints.heardOf('run')).toBeUndefined();
  await hints.tell();
  expect([hints.heardOf('run'), hints.heardOf('other')]).toEqual(['Running', undefined]);
  remove();
  await heard(ended);
  expect(hints.heardOf('run')).toBe('Ended');
  hints.watch('run', PID, ended);
  expect(hints.heardOf('run')).toBe('Running');
  hints.forget('run');
  expect(hints.heardOf('run')).toBeUndefined();
});

it('is silent where a process has no terminal, or the system shows none', () => {
  terminal = undefined;
  hints.watch('run', PID, () => undefined);
  const nowhere = createTerminalHints({ stat, folder: join(folder, 'nowhere') });
  expect(nowhere.watch('run', PID, () => undefined)).toBe(false);
  nowhere.close();
});

it('tells at once of a run that has ended meanwhile, and only once', async () => {
  const [ended, dead] = [vi.fn(), vi.fn()];
  const told = createTerminalHints({
    stat: (pid) => (pid === PID ? 'Gone' : { ...alive(pid), zombie: true }),
    folder,
    tryOut: () => undefined,
  });
  for (let look = 0; look < 2; look += 1) {
    told.watch('ended', PID, ended);
    told.watch('dead', PID + 1, dead);
  }
  told.close();
  expect([ended, dead].map((listener) => listener.mock.calls.length)).toEqual([1, 1]);
});

it('knows whether the system tells', async () => {
  expect(await hints.tell()).toBe(true);
  expect(hints.watch('run', PID, () => undefined)).toBe(true);
  const silent = createTerminalHints({ stat, folder, tryOut: () => undefined });
  expect(await silent.tell()).toBe(false);
  expect(silent.watch('run', PID, () => undefined)).toBe(false);
  silent.close();
});

it('tells no more once it is closed', async () => {
  await hints.tell();
  hints.close();
  expect(await hints.tell()).toBe(false);
});

it.runIf(process.platform === 'linux')('hears of a real terminal', async () => {
  const before = new Set(readdirSync('/dev/pts'));
  const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  terminal = readdirSync('/dev/pts').find((name) => !before.has(name));
  const real = createTerminalHints({ stat });
  const ended = vi.fn();
  real.watch('run', PID, ended);
  closeSync(master);
  await heard(ended);
  real.close();
});
