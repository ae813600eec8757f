import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FinishingPlace, makeFinishingPlace } from '../support/finishing-place.ts';

let place: FinishingPlace;
beforeEach(() => {
  place = makeFinishingPlace();
});
afterEach(() => place.close());

const RESULT = 'muxlet/shop/integration';
const trees = (): number => place.git(['worktree', 'list', '--porcelain']).split('\n\n').length;

describe('the branches of all agents', () => {
  test('[S157] are merged in their order, in nobody’s name but ours, and nothing is left behind', async () => {
    const tips = ['a', 'b', 'c'].map((agent) => place.commit(`muxlet/shop/${agent}`, { [`${agent}.txt`]: agent }));
    const before = place.snapshot();
    const look = await place.finish(place.request(['a', 'b', 'c']));
    expect(look).toMatchObject({
      state: 'Passed',
      integration: { state: 'Merged', branch: RESULT, commit: place.at(RESULT), merged: ['a', 'b', 'c'] },
    });
    for (const tip of tips) place.git(['merge-base', '--is-ancestor', tip, RESULT]);
    expect(place.git(['log', '--first-parent', '--format=%an <%ae> %cn <%ce> %s', `main..${RESULT}`])).toBe(
      ['c', 'b', 'a']
        .map(
          (agent) =>
            `muxlet <muxlet@localhost> muxlet <muxlet@localhost> Merge branch 'muxlet/shop/${agent}' into ${RESULT}`,
        )
        .join('\n'),
    );
    expect(place.snapshot()).toBe(before);
    expect(trees()).toBe(1);
    expect(existsSync(join(place.trees, '.integration'))).toBe(false);
    expect(new Set(place.hints)).toEqual(new Set(['project/shop']));
  });

  test('[S163] that are in it by their history are not merged again; what is new comes in, and what was is kept', async () => {
    place.commit('muxlet/shop/a', { a: '1' });
    place.commit('muxlet/shop/b', { b: '1' });
    await place.finish(place.request(['a', 'b']));
    const first = place.at(RESULT);
    expect((await place.finish(place.request(['a', 'b']))).integration).toMatchObject({ commit: first });
    expect(place.at(RESULT)).toBe(first);
    place.commit('muxlet/shop/b', { b: '2' });
    const { integration } = await place.finish(place.request(['a', 'b']));
    expect(place.at(integration?.backup ?? '')).toBe(first);
    expect(place.git(['rev-list', '--count', '--first-parent', `main..${RESULT}`])).toBe('3');
    expect(place.read(RESULT, 'b')).toBe('2');
  });

  test('leave backups of the result, and no more than twenty that it contains', async () => {
    place.commit('muxlet/shop/a', { a: '1' });
    await place.finish(place.request(['a', 'a']));
    const first = place.at(RESULT);
    const folder = 'refs/muxlet/backup/shop/integration/';
    for (let at = 10; at < 32; at += 1) place.git(['update-ref', `${folder}20200101T0000${at}000Z`, first]);
    const apart = place.commit('elsewhere', { e: '1' });
    place.git(['update-ref', `${folder}20190101T000000000Z`, apart]);
    place.commit('muxlet/shop/a', { a: '2' });
    await place.finish(place.request(['a', 'a']));
    const left = place.git(['for-each-ref', '--format=%(refname:lstrip=5)', folder]).split('\n');
    expect(left).toHaveLength(21);
    expect(left[0]).toBe('20190101T000000000Z');
    expect(left[1]).toBe('20200101T000013000Z');
  });

  test('without any commit of their own give what they began from', async () => {
    place.git(['branch', 'muxlet/shop/a']);
    const look = await place.finish(place.request(['a']));
    expect(look).toMatchObject({ state: 'Passed', integration: { commit: place.at('main'), merged: ['a'] } });
  });
});

describe('a conflict', () => {
  test('[S156] is aborted and named, and what was merged before it stays to be resolved against', async () => {
    place.commit('muxlet/shop/a', { 'src/x.txt': 'a\n', 'other.txt': 'a\n' });
    place.commit('muxlet/shop/b', { 'src/x.txt': 'b\n', 'other.txt': 'b\n' });
    place.commit('muxlet/shop/c', { 'c.txt': 'c\n' });
    const before = place.snapshot();
    const look = await place.finish(place.request(['a', 'b', 'c']));
    expect(look).toMatchObject({
      state: 'Conflict',
      integration: { state: 'Conflict', agent: 'b', files: ['other.txt', 'src/x.txt'], merged: ['a'] },
    });
    expect(look.message).toContain('muxlet/shop/b');
    expect(place.read(RESULT, 'src/x.txt')).toBe('a');
    expect(place.git(['log', '--all', '-p', '-S<<<<<<<', '--format=%H'])).toBe('');
    expect(place.snapshot()).toBe(before);
    expect(trees()).toBe(1);

    // Whoever leads resolves it in a branch of their own, and that is all that is needed.
    const lead = join(place.root, 'lead');
    place.git(['worktree', 'add', '--quiet', '-b', 'muxlet/shop/lead', lead, RESULT]);
    expect(() => place.git(['merge', 'muxlet/shop/b'], lead)).toThrow();
    writeFileSync(join(lead, 'src/x.txt'), 'a and b\n');
    writeFileSync(join(lead, 'other.txt'), 'a and b\n');
    place.git(['commit', '--all', '--no-edit', '--quiet'], lead);
    const resolved = await place.finish(place.request(['a', 'b', 'c', 'lead']));
    expect(resolved).toMatchObject({ state: 'Passed', integration: { merged: ['a', 'b', 'c', 'lead'] } });
    expect(place.read(RESULT, 'src/x.txt')).toBe('a and b');
    expect(place.read(RESULT, 'c.txt')).toBe('c');
  });
});
