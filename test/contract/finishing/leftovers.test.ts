import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyOf } from '../../../controller/api/key.ts';
import { homeMark } from '../../../controller/wiring/world.ts';
import { type FinishingPlace, makeFinishingPlace, over, verifying } from '../support/finishing-place.ts';

let place: FinishingPlace;
beforeEach(() => {
  place = makeFinishingPlace();
  place.commit('muxlet/shop/a', { 'x.txt': 'a\n' });
  place.commit('muxlet/shop/b', { 'y.txt': 'b\n' });
});
afterEach(() => place.close());

const trees = (): number => place.git(['worktree', 'list', '--porcelain']).split('\n\n').length;
const adminOf = (tree: string): string => place.git(['rev-parse', '--absolute-git-dir'], tree);

/** A tree as the controller makes it, up to where it was killed. */
function leave(name: string, commit = 'main'): string {
  const tree = join(place.trees, name);
  const mark = `muxlet: result of project shop, controller ${homeMark(place.state)}`;
  place.git(['worktree', 'add', '--quiet', '--detach', '--lock', '--reason', mark, tree, commit]);
  return tree;
}

describe('what an earlier life of the controller left', () => {
  test.each<[string, () => void]>([
    [
      'a merge under way',
      () => {
        const tree = leave('.integration', 'muxlet/shop/a');
        place.commit('other', { 'x.txt': 'other\n' });
        expect(() => place.git(['merge', 'other'], tree)).toThrow();
      },
    ],
    [
      'a work tree that git was still making',
      () => {
        const tree = leave('.integration');
        writeFileSync(join(adminOf(tree), 'locked'), 'initializing');
        rmSync(join(adminOf(tree), 'index'));
        rmSync(join(tree, 'README'));
      },
    ],
    [
      'a lock that git held when it was killed',
      () => {
        const tree = leave('.verification');
        writeFileSync(join(tree, 'junk'), '');
        writeFileSync(join(adminOf(tree), 'index.lock'), '');
      },
    ],
    [
      'an entry without its folder',
      () => {
        rmSync(leave('.verification'), { recursive: true });
      },
    ],
    [
      'a folder that has lost its .git',
      () => {
        rmSync(join(leave('.verification'), '.git'));
      },
    ],
    [
      'an entry that was unlocked, and its folder gone',
      () => {
        const tree = leave('.verification');
        rmSync(tree, { recursive: true });
        place.git(['worktree', 'unlock', tree]);
      },
    ],
    [
      'a work tree with a submodule that was set up in it',
      () => {
        const tree = leave('.verification');
        place.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', place.repository, 'sub'], tree);
      },
    ],
    [
      'a folder that may not be written to',
      () => {
        const tree = leave('.verification');
        mkdirSync(join(tree, 'cache', 'inner'), { recursive: true });
        writeFileSync(join(tree, 'cache', 'inner', 'file'), '');
        for (const folder of ['cache/inner', 'cache']) chmodSync(join(tree, folder), 0o500);
      },
    ],
  ])('%s, is cleaned up', async (_what, make) => {
    make();
    const before = place.snapshot();
    const look = await place.finish(place.request(['a', 'b'], verifying(['test', '-f', 'y.txt'])));
    expect(look.message).toBeUndefined();
    expect(look.state).toBe('Passed');
    expect(trees()).toBe(1);
    expect(existsSync(place.trees) ? readdirSync(place.trees) : []).toEqual([]);
    expect(place.snapshot()).toBe(before);
  });

  test('processes that bear the project’s mark, are ended first', async () => {
    const request = place.request(['a'], verifying(['true']));
    const env = {
      PATH: process.env['PATH'],
      MUXLET_UID: request.uid,
      MUXLET_STATE: place.state,
      MUXLET_TMUX_SOCKET: 'test',
    };
    const left = spawn('sleep', ['1006'], { detached: true, env: { ...env, MUXLET_AGENT: '.finisher' } });
    const agent = spawn('sleep', ['1007'], { detached: true, env: { ...env, MUXLET_AGENT: 'a', MUXLET_RUN: '1-a' } });
    try {
      await new Promise((resolve) => left.once('spawn', resolve));
      expect((await place.finish(request)).state).toBe('Passed');
      expect(left.signalCode).toBe('SIGTERM');
      expect(agent.signalCode).toBeNull();
    } finally {
      left.kill('SIGKILL');
      agent.kill('SIGKILL');
    }
  });
});

test('what an earlier life left of a project that asks for no round is cleaned up when it is met', async () => {
  const tree = leave('.verification');
  const { uid } = place.request(['a']);
  const marks = { MUXLET_UID: uid, MUXLET_STATE: place.state, MUXLET_TMUX_SOCKET: 'test', MUXLET_AGENT: '.finisher' };
  const left = spawn('sleep', ['1009'], { detached: true, env: { PATH: process.env['PATH'], ...marks } });
  const ended = new Promise((resolve) => left.once('exit', resolve));
  try {
    await new Promise((resolve) => left.once('spawn', resolve));
    const finisher = place.controller();
    finisher.seen({
      key: keyOf('Project', 'shop'),
      uid,
      desired: { type: 'Present', confirmed: true, project: { name: 'shop', integration: {} } } as never,
      places: [{ repository: place.repository, root: place.trees, onDelete: 'Keep' }],
      status: { run: { stage: 'Active' } } as never,
    });
    await ended;
    const end = Date.now() + 12_000;
    while (existsSync(tree) || trees() > 1) {
      if (Date.now() > end) throw new Error('it is still there');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    left.kill('SIGKILL');
  }
});

test('of an object that has just begun nothing is looked for', async () => {
  const finisher = place.controller();
  const desired = { type: 'Present', confirmed: true, project: { name: 'shop' } } as never;
  const status = { run: { stage: 'Active' } } as never;
  finisher.begun('new');
  for (const uid of ['new', 'old']) finisher.seen({ key: keyOf('Project', 'shop'), uid, desired, status });
  await finisher.close();
  expect(place.lookedFor).toEqual(['old']);
});

describe('what is another’s', () => {
  test('is left alone: a work tree that somebody else has locked', async () => {
    const tree = leave('.verification');
    place.git(['worktree', 'unlock', tree]);
    place.git(['worktree', 'lock', '--reason', 'muxlet: result of project shop, controller 0123456789abcdef', tree]);
    const look = await place.finish(place.request(['a'], verifying(['true'])));
    expect(look).toMatchObject({ state: 'Failed', message: expect.stringContaining("is another's") });
    expect(existsSync(join(tree, 'README'))).toBe(true);
    place.git(['worktree', 'unlock', tree]);
  });

  test('is left alone: a work tree that nobody has locked, which we would have', async () => {
    const tree = leave('.verification');
    place.git(['worktree', 'unlock', tree]);
    const look = await place.finish(place.request(['a'], verifying(['true'])));
    expect(look).toMatchObject({ state: 'Failed', message: expect.stringContaining('it is not locked') });
    expect(existsSync(join(tree, 'README'))).toBe(true);
  });

  test('is left alone: a folder that is no work tree', async () => {
    mkdirSync(join(place.trees, '.verification'), { recursive: true });
    writeFileSync(join(place.trees, '.verification', 'mine'), '');
    const look = await place.finish(place.request(['a'], verifying(['true'])));
    expect(look).toMatchObject({ state: 'Failed', message: expect.stringContaining('already exists') });
    expect(existsSync(join(place.trees, '.verification', 'mine'))).toBe(true);
  });

  test('is not moved beneath: a person who has the result checked out', async () => {
    await place.finish(place.request(['a']));
    place.git(['checkout', '--quiet', 'muxlet/shop/integration']);
    const look = await place.finish(place.request(['a', 'b']));
    expect(look).toMatchObject({
      state: 'Failed',
      integration: { state: 'Failed' },
      message: expect.stringContaining(`is checked out in ${place.repository}`),
    });
    expect(place.git(['status', '--porcelain'])).toBe('');
    place.git(['checkout', '--quiet', 'main']);
    expect((await place.finish(place.request(['a', 'b']))).state).toBe('Passed');
  });
});

test('[S115] an end in the middle of a verification: nothing of it stays, and nothing was given on', async () => {
  const finisher = place.controller();
  const request = place.request(['a'], verifying(['sleep', '1008']));
  finisher.begin(request);
  const end = Date.now() + 10_000;
  while (finisher.look(request.uid)?.verification?.command === undefined) {
    if (Date.now() > end) throw new Error('it does not begin');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await finisher.close();
  expect(trees()).toBe(1);
  expect(await over(place.controller(), { ...request, ...verifying(['true']) })).toMatchObject({ state: 'Passed' });
});

test('git bears no mark: it shares our session, and so would everything in the terminal that we were started from', async () => {
  const spy = join(place.root, 'spy');
  writeFileSync(spy, `#!/bin/sh\nenv >'${place.root}/seen'\ncat\n`, { mode: 0o755 });
  place.git(['config', 'filter.spy.smudge', spy]);
  place.commit('muxlet/shop/a', { '.gitattributes': '*.txt filter=spy\n', 'z.txt': 'z\n' });
  expect((await place.finish(place.request(['a', 'b'], verifying(['true'])))).state).toBe('Passed');
  const seen = readFileSync(join(place.root, 'seen'), 'utf8');
  expect(seen).toContain('PATH=');
  expect(seen).not.toContain('MUXLET_UID=uid-');
});
