import { appendFileSync, chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FinishingPlace, makeFinishingPlace } from '../support/finishing-place.ts';

const RESULT = 'muxlet/shop/integration';
const AGENTS = ['a', 'b', 'c'] as const;

let place: FinishingPlace;
beforeEach(() => {
  place = makeFinishingPlace();
});
afterEach(() => place.close());

const trees = (): number => place.git(['worktree', 'list', '--porcelain']).split('\n\n').length;
const contains = (name: string, of: string): boolean => {
  try {
    place.git(['merge-base', '--is-ancestor', name, of]);
    return true;
  } catch {
    return false;
  }
};
const branchOf = (agent: string): string => `muxlet/shop/${agent}`;

/** A merge as an agent makes it, if it comes out clean. */
function mergeInto(agent: string, other: string): void {
  const tree = join(place.root, 'agent');
  place.git(['worktree', 'add', '--quiet', tree, branchOf(agent)]);
  try {
    place.git(['merge', '--quiet', '--no-edit', branchOf(other)], tree);
  } catch {
    // It stays with its agent.
  }
  place.git(['worktree', 'remove', '--force', tree]);
}

type Step =
  | { readonly type: 'Commit'; readonly agent: string; readonly file: string; readonly text: string | null }
  | { readonly type: 'Merge'; readonly agent: string; readonly other: string }
  | { readonly type: 'ThrowBack'; readonly agent: string }
  | { readonly type: 'Round' };

const agent = fc.constantFrom(...AGENTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('Commit' as const),
      agent,
      file: fc.constantFrom('README', 'own', 'dir/own', 'dir'),
      text: fc.option(fc.constantFrom('1\n', '2\n', '\0binary'), { nil: null }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Merge' as const), agent, other: agent }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('ThrowBack' as const), agent }) },
  { weight: 2, arbitrary: fc.constant({ type: 'Round' as const }) },
);

async function checkRound(): Promise<void> {
  const snapshot = place.snapshot();
  const tips = AGENTS.map((name) => place.at(branchOf(name)));
  const { state, integration } = await place.finish(place.request(AGENTS));
  expect(AGENTS.map((name) => place.at(branchOf(name)))).toEqual(tips);
  expect(place.snapshot()).toBe(snapshot);
  expect(trees()).toBe(1);
  expect(place.at(RESULT)).toBe(integration?.commit);
  expect(AGENTS.filter((name) => contains(branchOf(name), RESULT))).toEqual(integration?.merged);
  if (state === 'Passed') return expect(integration?.merged).toEqual(AGENTS);
  expect(state).toBe('Conflict');
  expect(integration?.merged).not.toContain(integration?.agent);
  expect(integration?.files?.length).toBeGreaterThan(0);
}

test('[S157] whatever the histories: after a round all branches are in the result, or one that is not is named', async () => {
  const runs = { numRuns: 6, endOnFailure: true };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      await place.close();
      place = makeFinishingPlace();
      for (const name of AGENTS) place.commit(branchOf(name), { [`${name}.txt`]: name });
      for (const one of steps) {
        if (one.type === 'Commit') {
          const isTaken = one.file === 'dir/own' && one.text !== null;
          place.commit(branchOf(one.agent), { ...(isTaken && { dir: null }), [one.file]: one.text });
        } else if (one.type === 'Merge' && one.agent !== one.other) mergeInto(one.agent, one.other);
        else if (one.type === 'ThrowBack') place.git(['update-ref', `refs/heads/${branchOf(one.agent)}`, 'main']);
        else if (one.type === 'Round') await checkRound();
      }
      await checkRound();
    }),
    runs,
  );
}, 120_000);

describe('a branch', () => {
  test('that was rebased after it was merged has the result begun anew, and what it held is kept', async () => {
    place.commit(branchOf('a'), { 'a.txt': 'draft\n' });
    place.commit(branchOf('b'), { 'b.txt': 'b\n' });
    await place.finish(place.request(['a', 'b']));
    const before = place.at(RESULT);
    place.git(['update-ref', `refs/heads/${branchOf('a')}`, 'main']);
    place.commit(branchOf('a'), { 'a.txt': 'better\n' });
    const { state, integration } = await place.finish(place.request(['a', 'b']));
    expect(state).toBe('Passed');
    expect(place.read(RESULT, 'a.txt')).toBe('better');
    expect(place.git(['log', '--format=%s', `main..${RESULT}`]).split('\n')).toHaveLength(4);
    expect(place.at(integration?.backup ?? '')).toBe(before);
  });

  test('whose result a person went on with is not begun anew: their work is in nothing else', async () => {
    place.commit(branchOf('a'), { 'a.txt': 'draft\n' });
    await place.finish(place.request(['a', 'a']));
    place.commit(RESULT, { 'mine.txt': 'a fix of my own\n' });
    place.git(['update-ref', `refs/heads/${branchOf('a')}`, 'main']);
    place.commit(branchOf('a'), { 'c.txt': 'c\n' });
    expect((await place.finish(place.request(['a', 'a']))).state).toBe('Passed');
    expect(place.read(RESULT, 'mine.txt')).toBe('a fix of my own');
    expect(place.read(RESULT, 'c.txt')).toBe('c');
  });

  test('that is gone is named, and nothing is merged', async () => {
    place.commit(branchOf('a'), { 'a.txt': 'a\n' });
    const look = await place.finish(place.request(['a', 'gone']));
    expect(look).toMatchObject({ state: 'Failed', message: expect.stringContaining('muxlet/shop/gone') });
    expect(() => place.at(RESULT)).toThrow();
  });

  test('that its agent has left for a detached HEAD is merged as it is, and that is told', async () => {
    place.commit(branchOf('a'), { 'a.txt': 'a\n' });
    const tree = join(place.trees, 'a');
    place.git(['worktree', 'add', '--quiet', tree, branchOf('a')]);
    place.git(['checkout', '--quiet', '--detach'], tree);
    expect((await place.finish(place.request(['a']))).integration?.message).toBeUndefined();
    place.git(['commit', '--quiet', '--allow-empty', '-m', 'lost'], tree);
    expect(await place.finish(place.request(['a']))).toMatchObject({
      state: 'Passed',
      integration: { merged: ['a'], message: expect.stringContaining("a's work tree is on no branch") },
    });
  });

  test('that has nothing in common with the others is a conflict of its agent', async () => {
    place.commit(branchOf('a'), { 'a.txt': 'a\n' });
    const stranger = place.git(['commit-tree', '-m', 'stranger', 'main^{tree}']);
    place.git(['update-ref', `refs/heads/${branchOf('b')}`, stranger]);
    expect(await place.finish(place.request(['a', 'b']))).toMatchObject({
      state: 'Conflict',
      integration: { agent: 'b', files: [], merged: ['a'], message: expect.stringContaining('in common') },
    });
  });

  test('of a repository without any commit is not there yet', async () => {
    const empty = join(place.root, 'empty');
    place.git(['init', '--quiet', empty]);
    const look = await place.finish({ ...place.request(['a', 'b']), repository: empty, base: undefined });
    expect(look).toMatchObject({ state: 'Failed', message: expect.stringContaining('has no commit yet') });
  });
});

describe('a conflict', () => {
  test.each<[string, () => void, readonly string[]]>([
    [
      'between binary files',
      () => {
        place.commit(branchOf('a'), { 'x.bin': '\0one' });
        place.commit(branchOf('b'), { 'x.bin': '\0two' });
      },
      ['x.bin'],
    ],
    [
      'between a change and a removal',
      () => {
        place.commit(branchOf('a'), { README: null });
        place.commit(branchOf('b'), { README: 'changed\n' });
      },
      ['README'],
    ],
    [
      'between two new names of a file',
      () => {
        place.commit(branchOf('a'), { README: null, one: 'one\n' });
        place.commit(branchOf('b'), { README: null, two: 'one\n' });
      },
      ['README', 'one', 'two'],
    ],
    [
      'between a file and a folder',
      () => {
        place.commit(branchOf('a'), { thing: 'file\n' });
        place.commit(branchOf('b'), { 'thing/inner': 'folder\n' });
      },
      ['thing~HEAD'],
    ],
    [
      'in a file with a strange name',
      () => {
        place.commit(branchOf('a'), { 'a "q"\n\té.txt': 'one\n' });
        place.commit(branchOf('b'), { 'a "q"\n\té.txt': 'two\n' });
      },
      ['a "q"\n\té.txt'],
    ],
    [
      'between two commits of a submodule',
      () => {
        for (const [name, commit] of [
          ['a', '1'.repeat(40)],
          ['b', '2'.repeat(40)],
        ] as const) {
          const tree = join(place.root, `sub-${name}`);
          place.git(['worktree', 'add', '--quiet', '-b', branchOf(name), tree, 'main']);
          place.git(['update-index', '--add', '--cacheinfo', `160000,${commit},lib`], tree);
          place.git(['commit', '--quiet', '-m', 'lib'], tree);
          place.git(['worktree', 'remove', '--force', tree]);
        }
      },
      ['lib'],
    ],
  ])('%s is aborted and told', async (_what, make, files) => {
    make();
    const look = await place.finish(place.request(['a', 'b']));
    expect(look).toMatchObject({ state: 'Conflict', integration: { agent: 'b', files, merged: ['a'] } });
    expect(trees()).toBe(1);
  });
});

test('[S155] a person’s checkout, dirty and with hooks, is as it was to the last byte', async () => {
  place.git(['checkout', '--quiet', '-b', 'topic']);
  appendFileSync(join(place.repository, 'README'), 'stashed\n');
  place.git(['stash', '--quiet']);
  appendFileSync(join(place.repository, 'README'), 'staged\n');
  place.git(['add', 'README']);
  appendFileSync(join(place.repository, 'README'), 'unstaged\n');
  writeFileSync(join(place.repository, '.env'), 'SECRET=1\n');
  for (const hook of [
    'pre-commit',
    'post-commit',
    'pre-merge-commit',
    'post-merge',
    'commit-msg',
    'post-checkout',
    'reference-transaction',
    'pre-push',
    'post-rewrite',
  ]) {
    const path = join(place.repository, '.git', 'hooks', hook);
    writeFileSync(path, `#!/bin/sh\ntouch '${place.root}/hook-ran'\nexit 1\n`);
    chmodSync(path, 0o755);
  }
  for (const setting of [
    'commit.gpgSign true',
    'merge.ff only',
    'rerere.enabled true',
    'core.editor false',
    'gc.auto 1',
  ]) {
    place.git(['config', ...setting.split(' ')]);
  }
  const hooksOff = ['-c', 'core.hooksPath=/dev/null'];
  for (const name of ['a', 'b']) {
    const tree = place.git([...hooksOff, 'commit-tree', '--no-gpg-sign', '-p', 'main', '-m', name, 'main^{tree}']);
    place.git([...hooksOff, 'update-ref', `refs/heads/${branchOf(name)}`, tree]);
  }
  const before = place.snapshot();
  const look = await place.finish(
    place.request(['a', 'b'], {
      verification: { rounds: 1, commands: [{ argv: ['test', '!', '-e', '.env'], timeoutMs: 5000 }] },
    }),
  );
  expect(look).toMatchObject({ state: 'Passed', integration: { merged: ['a', 'b'] } });
  expect(place.snapshot()).toBe(before);
  expect(existsSync(join(place.root, 'hook-ran'))).toBe(false);
  expect(place.git(['branch', '--show-current'])).toBe('topic');
});

test('[S154] two projects in one repository have results of their own', async () => {
  place.commit(branchOf('a'), { 'a.txt': 'a\n' });
  place.commit('muxlet/till/a', { 'a.txt': 'other\n' });
  const mine = place.request(['a']);
  const other = {
    ...place.request(['a']),
    project: 'till',
    uid: `${mine.uid}-till`,
    root: join(place.root, 'repo.worktrees', 'till'),
    branches: [{ agent: 'a', branch: 'muxlet/till/a' }],
    into: 'muxlet/till/integration',
  };
  const looks = await Promise.all([place.finish(mine), place.finish(other)]);
  expect(looks.map(({ state }) => state)).toEqual(['Passed', 'Passed']);
  expect([place.read(RESULT, 'a.txt'), place.read('muxlet/till/integration', 'a.txt')]).toEqual(['a', 'other']);
});
