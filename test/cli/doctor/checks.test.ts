import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { examine, preflight } from '../../../controller/cli/doctor/checks.ts';
import type { Facts, Finding, FolderFacts } from '../../../controller/cli/doctor/facts.ts';
import { gatherFacts } from '../../../controller/cli/doctor/gather-facts.ts';
import { bench } from '../harness.ts';

const folder = (path: string, overrides: object = {}): FolderFacts => ({
  state: 'Directory',
  path,
  readable: true,
  writable: true,
  mode: 0o700,
  ownedByUs: true,
  ...overrides,
});

const GOOD: Facts = {
  platform: 'linux',
  node: 'v20.19.0',
  tmux: { version: 'tmux 3.6b' },
  git: { version: 'git version 2.39.5' },
  flock: { version: 'flock from util-linux 2.38' },
  specs: folder('/s/specs', { mode: 0o755 }),
  state: folder('/s/state'),
  sockets: folder('/tmp/tmux-0'),
  staleSockets: [],
  classes: [],
  freeBytes: 5e9,
  ptyMax: 4096,
  ptyUsed: 96,
  openFiles: 1024,
  locale: 'C.UTF-8',
  controller: { pid: 7, address: '127.0.0.1:9779' },
};

const worst = (facts: Partial<Facts>, check: string): Finding | undefined => {
  const order = ['FAIL', 'WARN', 'INFO', 'OK'];
  const found = examine({ ...GOOD, ...facts }).filter((finding) => finding.check === check);
  return found.sort((a, b) => order.indexOf(a.result) - order.indexOf(b.result))[0];
};

test('a good machine has nothing but OK', () => {
  expect(new Set(examine(GOOD).map(({ result }) => result))).toEqual(new Set(['OK']));
});

test.each<[check: string, result: Finding['result'], facts: Partial<Facts>]>([
  ['node', 'FAIL', { node: 'v20.18.3' }],
  ['node', 'OK', { node: 'v22.1.0' }],
  ['tmux', 'FAIL', { tmux: { version: undefined } }],
  ['tmux', 'FAIL', { tmux: { version: 'tmux 2.9a' } }],
  ['tmux', 'OK', { tmux: { version: 'tmux 3.0a' } }],
  ['tmux', 'OK', { tmux: { version: 'tmux master' } }],
  ['tmux', 'OK', { tmux: { version: 'tmux openbsd-7.5' } }],
  ['tmux bugs', 'INFO', { tmux: { version: 'tmux 3.3a' } }],
  ['git', 'FAIL', { git: { version: undefined } }],
  ['git', 'WARN', { git: { version: 'git version 2.34.1' } }],
  ['flock', 'FAIL', { flock: { version: undefined } }],
  ['specs', 'WARN', { specs: { state: 'Missing', path: '/s', creatable: true } }],
  ['specs', 'FAIL', { specs: folder('/s', { mode: 0o777 }) }],
  ['specs', 'FAIL', { specs: { state: 'NotADirectory', path: '/s' } }],
  ['specs', 'FAIL', { specs: folder('/s', { readable: false }) }],
  ['state', 'OK', { state: { state: 'Missing', path: '/s', creatable: true } }],
  ['state', 'FAIL', { state: { state: 'Missing', path: '/s', creatable: false } }],
  ['state', 'FAIL', { state: folder('/s', { writable: false }) }],
  ['state', 'WARN', { state: folder('/s', { mode: 0o772 }) }],
  ['tmux sockets', 'FAIL', { sockets: folder('/t', { mode: 0o755 }) }],
  ['tmux sockets', 'FAIL', { sockets: folder('/t', { ownedByUs: false }) }],
  ['tmux sockets', 'INFO', { staleSockets: ['/t/muxlet'] }],
  ['disk', 'FAIL', { freeBytes: 50e6 }],
  ['disk', 'WARN', { freeBytes: 500e6 }],
  ['terminals', 'WARN', { ptyUsed: 4090 }],
  ['open files', 'WARN', { openFiles: 20 }],
  ['open files', 'OK', { openFiles: Number.POSITIVE_INFINITY }],
  ['locale', 'WARN', { locale: 'POSIX' }],
  ['locale', 'WARN', { locale: undefined }],
  ['controller', 'INFO', { controller: undefined }],
])('%s is %s for %j', (check, result, facts) => {
  expect(worst(facts, check)?.result).toBe(result);
});

test('a program that is missing has a remedy', () => {
  const condition = {
    type: 'ProgramFound',
    status: 'False',
    reason: 'ProgramMissing',
    message: 'the program claude is not on the PATH (/usr/bin)',
    lastTransitionTime: '2026-03-01T12:00:00.000Z',
    observedGeneration: 1,
  } as const;
  const classes = [{ name: 'claude', status: { observedGeneration: 1, agents: 3, conditions: [condition] } }];
  expect(worst({ classes }, 'class claude')).toMatchObject({
    result: 'WARN',
    remedy: expect.stringContaining('start the controller from an environment whose PATH has it'),
  });
});

test('says how many agents the machine is good for', () => {
  expect(worst({}, 'terminals')?.message).toContain('enough for about 4000 agents');
  expect(worst({}, 'open files')?.message).toContain('enough for about 1014 agents');
});

test('whatever fails has a remedy', () => {
  const bad: Facts = {
    ...GOOD,
    node: 'v18.0.0',
    tmux: { version: undefined },
    git: { version: undefined },
    flock: { version: undefined },
    specs: { state: 'NotADirectory', path: '/s' },
    state: { state: 'Missing', path: '/s', creatable: false },
    sockets: { state: 'Missing', path: '/s', creatable: false },
    freeBytes: 1,
  };
  const failed = examine(bad).filter(({ result }) => result === 'FAIL');
  expect(failed).toHaveLength(8);
  for (const finding of failed) expect(finding.remedy).toBeTruthy();
});

test('[S26] preflight names everything that is missing at once', () => {
  const findings = examine({ ...GOOD, tmux: { version: undefined }, git: { version: undefined } });
  expect(() => preflight(findings)).toThrow(/tmux: not installed[^]*git: not installed/);
  expect(() => preflight(examine(GOOD))).not.toThrow();
});

describe('the facts', () => {
  test('are those of the real directories, and nothing is made', async () => {
    const { root, deps } = await bench();
    await chmod(join(root, 'specs'), 0o770);
    const facts = await gatherFacts({ specs: join(root, 'specs'), state: join(root, 'no/state'), socket: 'x' }, deps);
    expect(facts.specs).toMatchObject({ state: 'Directory', mode: 0o770, ownedByUs: true, readable: true });
    expect(facts.state).toMatchObject({ state: 'Missing', creatable: true });
    expect(facts.freeBytes).toBeGreaterThan(0);
    expect(facts.tmux.version).toBeUndefined();
  });

  test('tell sockets that nobody answers from those of a living server, and from those of others', async () => {
    const sockets = await mkdtemp(join(tmpdir(), 'mx-'));
    onTestFinished(() => rm(sockets, { recursive: true }));
    const directory = join(sockets, `tmux-${process.getuid?.() ?? 0}`);
    await mkdir(directory, { mode: 0o700 });
    const server = createServer().listen(join(directory, 'mine'));
    onTestFinished(() => void server.close());
    // A socket outlives its server only if that is killed; a plain file refuses connections in the same way.
    for (const name of ['mine.1', 'mine.x', 'other', 'mineral']) await writeFile(join(directory, name), '');
    const { deps } = await bench({ env: { TMUX_TMPDIR: sockets } });
    const facts = await gatherFacts({ specs: '/s', state: '/t', socket: 'mine' }, deps);
    expect(facts.staleSockets).toEqual([join(directory, 'mine.1')]);
  });
});

test('doctor exits 1 if anything fails, and prints a table', async () => {
  const { run } = await bench();
  const { code, out } = await run('doctor');
  expect(code).toBe(1);
  expect(out).toMatch(/^RESULT +CHECK +WHAT +REMEDY\n[^]*FAIL +tmux +not installed +apt-get install tmux/);
});
