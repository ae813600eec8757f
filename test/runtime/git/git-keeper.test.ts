import { afterEach, expect, test } from 'vitest';
import type { GitStatus } from '../../../controller/api/generated/all.ts';
import type { Look } from '../../../controller/api/look.ts';
import type { GitBase, GitFacts } from '../../../controller/api/workspace.ts';
import type { WorkTreeEye } from '../../../controller/runtime/git/eyes.ts';
import { createGitKeeper, type GitKeeper } from '../../../controller/runtime/git/git-keeper.ts';
import type { SeenProject } from '../../../controller/runtime/project-worker.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

interface Seen {
  readonly agents?: readonly string[];
  readonly attempt?: number;
  readonly git?: Partial<GitStatus>;
  readonly remindAfterMs?: number;
  readonly directory?: (agent: string) => string;
}

function project({ agents = ['a'], attempt = 1, git, remindAfterMs, directory = (agent) => `/${agent}` }: Seen = {}) {
  return {
    key: 'project/web',
    uid: 'u',
    desired: {
      type: 'Present',
      project: { agents: agents.map((name) => ({ name, workingDir: directory(name) })), remindAfterMs },
    },
    status: { run: { attempt }, agents: agents.map((name) => ({ name, git, run: `${attempt}` })) },
  } as unknown as SeenProject;
}

/** Work trees that git does something in when the test says so. */
function world() {
  const clock = createFakeClock(1_000_000_000);
  const heads = new Map<string, string>();
  const marks = new Map<string, string | undefined>();
  const bases: (GitBase | undefined)[] = [];
  const listeners = new Map<string, () => void>();
  const hints: string[] = [];
  const hangs = new Set<string>();
  let looks = 0;
  let isBroken = false;
  let movedAt = 0;
  let takesMs = 0;
  const open = (directory: string): Promise<WorkTreeEye | undefined> => {
    if (!heads.has(directory)) return Promise.resolve(undefined);
    return Promise.resolve({
      mark: () => Promise.resolve(marks.has(directory) ? marks.get(directory) : (heads.get(directory) ?? '')),
      async look(base): Promise<Look<GitFacts>> {
        looks += 1;
        bases.push(base);
        const at = clock.now();
        if (hangs.has(directory)) await new Promise(() => undefined);
        if (takesMs > 0) clock.set(at + takesMs);
        if (isBroken) return { state: 'Unknown', at, reason: 'GitFailed', message: 'broken' };
        const head = heads.get(directory) ?? '';
        if (head === '') return { state: 'Known', at, value: { status: { changed: 0, untracked: 0 }, commits: [] } };
        return { state: 'Known', at, value: { status: { head, base: base ?? head }, commits: [] } };
      },
      watch(changed) {
        listeners.set(directory, changed);
        return Promise.resolve(() => void listeners.delete(directory));
      },
    });
  };
  const keeper: GitKeeper = createGitKeeper({
    clock,
    random: () => 0.5,
    open,
    readings: () => [{ agent: 'a', movedAt }],
    onChange: (key) => hints.push(key),
    onLook: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  async function pass(ms: number, step = 20): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      clock.advance(Math.min(step, ms - passed));
      for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
    }
  }
  open_.push(keeper);
  return {
    clock,
    keeper,
    heads,
    marks,
    bases,
    hangs,
    listeners,
    hints,
    pass,
    looks: () => looks,
    break: (broken: boolean) => {
      isBroken = broken;
    },
    works: () => {
      movedAt = clock.now();
    },
    takes: (ms: number) => {
      takesMs = ms;
    },
    facts: (agent = 'a') => keeper.results('u')?.get(agent),
  };
}

const open_: GitKeeper[] = [];
afterEach(() => {
  for (const keeper of open_.splice(0)) keeper.close();
});

test('before the first look nothing is known, and nothing is taken for absent', async () => {
  const { keeper, heads, facts, pass } = world();
  heads.set('/a', 'one');
  expect(keeper.results('u')).toBeUndefined();
  keeper.seen(project());
  expect(facts()).toMatchObject({ state: 'Unknown', reason: 'NotLooked' });
  await pass(100);
  expect(facts()).toMatchObject({ state: 'Known', value: { status: { head: 'one', base: 'one' } } });
});

test('a commit that is told of is looked at within a second, and the project hinted at', async () => {
  const { keeper, heads, listeners, hints, facts, pass, looks } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(2000);
  const before = { looks: looks(), hints: hints.length };
  heads.set('/a', 'two');
  listeners.get('/a')?.();
  await pass(400);
  expect(facts()).toMatchObject({ value: { status: { head: 'two', base: 'one' } } });
  expect([looks() - before.looks, hints.length - before.hints]).toEqual([1, 1]);
});

test('a storm of hints is looked at a few times a second, and as seldom as looking is slow', async () => {
  const { keeper, heads, listeners, pass, looks, takes } = world();
  heads.set('/a', '0');
  keeper.seen(project());
  await pass(2000);
  async function storm(): Promise<number> {
    const before = looks();
    for (let round = 1; round <= 500; round += 1) {
      heads.set('/a', String(round));
      listeners.get('/a')?.();
      await pass(20);
    }
    return looks() - before;
  }
  expect(await storm()).toBeLessThan(40);
  takes(1000);
  expect(await storm()).toBeLessThan(8);
});

test('at rest nothing is started for an hour; what the timer finds without a hint is looked at', async () => {
  const { keeper, heads, facts, pass, looks } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(5000);
  const before = looks();
  await pass(1_800_000, 1000);
  expect(looks()).toBe(before);
  heads.set('/a', 'two');
  await pass(151_000, 500);
  expect(facts()).toMatchObject({ value: { status: { head: 'two' } } });
});

test('where an agent works, files are looked for, and not more often than twice a minute', async () => {
  const { keeper, heads, pass, looks, clock } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(5000);
  const before = looks();
  for (let round = 0; round < 600; round += 1) {
    keeper.listed([{ mark: { uid: 'u', agent: 'a' }, windowActivity: Math.floor(clock.now() / 1000) }]);
    await pass(1000, 500);
  }
  expect(looks() - before).toBeGreaterThanOrEqual(15);
  expect(looks() - before).toBeLessThanOrEqual(20);
});

test('what an agent does in the very second of a look is looked for, though later lists say the same', async () => {
  const { keeper, heads, pass, looks, clock } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(40_000);
  const before = looks();
  const panes = [{ mark: { uid: 'u', agent: 'a' }, windowActivity: Math.floor(clock.now() / 1000) }];
  keeper.listed(panes);
  await pass(1500);
  expect(looks() - before).toBe(1);
  keeper.listed(panes);
  for (let round = 0; round < 60; round += 1) {
    await pass(4000, 500);
    keeper.listed(panes);
  }
  expect(looks() - before).toBe(2);
});

test('what a program records of its work is a sign of it as well', async () => {
  const { keeper, heads, pass, looks, works } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(40_000, 500);
  const before = looks();
  works();
  await pass(240_000, 500);
  expect(looks() - before).toBe(1);
});

test('one failure is chance; two are said, and what was known is known again after them', async () => {
  const { keeper, heads, marks, facts, pass, break: set } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(500);
  set(true);
  marks.set('/a', 'other');
  await pass(250_000, 500);
  expect(facts()).toMatchObject({ state: 'Unknown', reason: 'GitFailed', message: 'broken' });
  set(false);
  await pass(200_000, 500);
  expect(facts()).toMatchObject({ state: 'Known', value: { status: { head: 'one' } } });
});

test('a look that hangs holds up no other', async () => {
  const { keeper, heads, hangs, facts, pass } = world();
  for (const name of ['a', 'b', 'c']) heads.set(`/${name}`, 'one');
  hangs.add('/a').add('/b');
  keeper.seen(project({ agents: ['a', 'b', 'c'] }));
  await pass(20_000, 100);
  expect(facts('a')).toMatchObject({ reason: 'NotLooked' });
  expect(facts('c')).toMatchObject({ state: 'Known' });
});

test('a file system that gives no answer has git started nowhere', async () => {
  const { keeper, heads, marks, facts, pass, looks } = world();
  heads.set('/a', 'one');
  marks.set('/a', undefined);
  keeper.seen(project());
  await pass(200_000, 500);
  expect(looks()).toBe(0);
  expect(facts()).toMatchObject({ state: 'Unknown', reason: 'GitFailed' });
});

test('what is counted from stays over a restart, and a new attempt is counted from what it finds', async () => {
  const { keeper, heads, bases, facts, pass } = world();
  heads.set('/a', 'three');
  keeper.seen(project({ git: { base: 'one', ahead: 2 } }));
  await pass(500);
  expect(bases.at(-1)).toBe('one');
  keeper.seen(project({ attempt: 2, git: { head: 'three' } }));
  expect(facts()).toMatchObject({ reason: 'NotLooked' });
  await pass(500);
  expect(facts()).toMatchObject({ value: { status: { base: 'three' } } });
});

test('where there was no commit, all are counted', async () => {
  const { keeper, heads, bases, listeners, pass } = world();
  heads.set('/a', '');
  keeper.seen(project());
  await pass(500);
  heads.set('/a', 'first');
  listeners.get('/a')?.();
  await pass(1000);
  expect(bases.at(-1)).toBeNull();
  const again = world();
  again.heads.set('/a', 'second');
  again.keeper.seen(project({ git: { head: 'first', ahead: 1 } }));
  await again.pass(500);
  expect(again.bases).toEqual([null]);
});

test('before an agent is reminded it is looked at again', async () => {
  const { keeper, heads, pass, looks, clock } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(5000);
  const dirtySince = new Date(clock.now()).toISOString();
  keeper.seen(project({ remindAfterMs: 60_000, git: { head: 'one', base: 'one', dirtySince } }));
  const before = looks();
  await pass(69_000, 500);
  expect(looks()).toBe(before);
  await pass(2000, 100);
  expect(looks()).toBe(before + 1);
});

test('agents in one directory share a look; directories that are none, or that nobody works in, cost none', async () => {
  const { keeper, heads, pass, looks, facts, listeners } = world();
  heads.set('/one', 'h');
  keeper.seen(project({ agents: ['a', 'b'], directory: () => '/one' }));
  await pass(1000);
  expect(looks()).toBe(1);
  expect(facts('b')).toEqual(facts('a'));
  keeper.seen(project({ agents: ['a', 'b'], directory: () => '/none' }));
  await pass(1000);
  expect([...(keeper.results('u') ?? [])]).toEqual([]);
  expect(listeners.size).toBe(0);
  keeper.forget('u');
  expect(keeper.results('u')).toBeUndefined();
});

test('a clock that is set back or forth ends nothing', async () => {
  const { keeper, heads, pass, facts, clock } = world();
  heads.set('/a', 'one');
  keeper.seen(project());
  await pass(5000);
  clock.set(clock.now() - 86_400_000);
  heads.set('/a', 'two');
  await pass(160_000, 500);
  expect(facts()).toMatchObject({ value: { status: { head: 'two' } } });
  clock.set(clock.now() + 86_400_000);
  heads.set('/a', 'three');
  await pass(160_000, 500);
  expect(facts()).toMatchObject({ value: { status: { head: 'three' } } });
});
