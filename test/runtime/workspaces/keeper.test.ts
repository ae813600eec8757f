import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GitStep } from '../../../controller/api/git-verb.ts';
import type { WorkTreesRequest } from '../../../controller/api/work-trees-request.ts';
import type { DesiredRepository } from '../../../controller/api/workspace.ts';
import { type FakePlace, makeFakePlace } from '../../support/work-trees/fake-place.ts';

let place: FakePlace;
beforeEach(() => {
  place = makeFakePlace();
});
afterEach(() => place.close());

const DONE: GitStep = { ok: true };
const REFUSED: GitStep = { ok: false, reason: 'SetUpFailed', message: 'exited with 3' };
/** All that is not kept waiting is done: nothing here waits for a disk or a clock. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Set-up commands and clones that end when they are told to, or are given up. */
function slow() {
  const begun: string[] = [];
  const ended: string[] = [];
  const open = new Map<string, (step: GitStep) => void>();
  const run = (name: string, signal: AbortSignal): Promise<GitStep> =>
    new Promise((resolve) => {
      begun.push(name);
      open.set(name, resolve);
      signal.addEventListener('abort', () => {
        ended.push(name);
        resolve({ ok: false, reason: 'RepositoryUnreachable', message: 'it was ended' });
      });
    });
  return { begun, ended, end: (name: string, step = DONE) => open.get(name)?.(step), run };
}

describe('a set-up command', () => {
  const SET_UP = { setUp: { argv: ['make'], timeoutMs: 1000 } };

  test('keeps its own agent waiting and nobody else, and runs once', async () => {
    const { begun, end, run } = slow();
    place.hooks.setUp = ({ tree, signal }) => (tree === 'a' ? run(tree, signal) : Promise.resolve(DONE));
    const request = place.request(['a', 'b'], SET_UP);
    const look = await place.have(request, ({ trees }) => trees.get('b')?.state === 'Ready');
    expect(look.trees.get('a')?.state).toBe('SettingUp');
    end('a');
    await place.ready(request);
    await place.ready(request, place.controller());
    expect(begun).toEqual(['a']);
  });

  test('that fails is told, and run again', async () => {
    let isBroken = true;
    place.hooks.setUp = () => Promise.resolve(isBroken ? REFUSED : DONE);
    const request = place.request(['a'], SET_UP);
    const { trees } = await place.have(request, (look) => look.trees.get('a')?.state === 'Failed');
    expect(trees.get('a')).toMatchObject({ reason: 'SetUpFailed', log: '/logs/uid-of-/src/app/a' });
    isBroken = false;
    await place.ready(request);
  });

  test('of an agent that is removed meanwhile is ended before its work tree goes', async () => {
    const { begun, ended, run } = slow();
    place.hooks.setUp = ({ tree, signal }) => (tree === 'a' ? run(tree, signal) : Promise.resolve(DONE));
    const request = place.request(['a', 'b'], SET_UP);
    await place.have(request, () => begun.length > 0);
    const fewer = { ...request, trees: request.trees.slice(1), agents: ['b'] };
    await place.have(fewer, () => place.person.trees() === 1);
    expect(ended).toEqual(['a']);
    expect(place.person.files('b')).toBeDefined();
  });

  test('ends with the controller, and runs again with the next', async () => {
    const { begun, ended, run, end } = slow();
    place.hooks.setUp = ({ tree, signal }) => run(tree, signal);
    const request = place.request(['a'], SET_UP);
    await place.have(request, () => begun.length > 0);
    await place.keeper.close();
    expect(ended).toEqual(['a']);
    const next = place.controller();
    await place.have(request, () => begun.length === 2, next);
    end('a');
    await place.ready(request, next);
  });
});

describe('a clone', () => {
  const REMOTE: DesiredRepository = { type: 'Remote', path: '/src/app', url: 'https://example.org/app.git' };
  const far = (uid: string, more: Partial<DesiredRepository & { readonly type: 'Remote' }> = {}): WorkTreesRequest => ({
    ...place.request(['a'], { repo: { ...REMOTE, ...more } }),
    uid,
  });

  test('is brought up to date once an attempt', async () => {
    const reached: string[] = [];
    place.hooks.reach = (path) => {
      reached.push(path);
      return Promise.resolve(DONE);
    };
    await place.ready(far('u'));
    await place.ready({ ...far('u'), agents: ['a', 'z'] });
    expect(reached).toHaveLength(1);
    await place.have({ ...far('u'), attempt: 2 }, () => reached.length === 2);
  });

  test('that cannot be had keeps nobody from work that has begun; before that it is told', async () => {
    place.hooks.reach = () => Promise.resolve({ ok: false, reason: 'RepositoryUnreachable', message: 'away' });
    const { trees } = await place.have(far('u'), (look) => look.trees.get('a')?.state === 'Failed');
    expect(trees.get('a')).toMatchObject({ reason: 'RepositoryUnreachable', message: 'away' });
    place.repository.createRef('refs/muxlet/base/shop', [...place.person.refs('refs/heads/main').values()][0] ?? '');
    await place.ready(far('u'));
  });

  test('that hangs keeps no other repository waiting, however many there are', async () => {
    const { begun, run } = slow();
    place.hooks.reach = (path, signal) => run(path, signal);
    const hanging = ['/1', '/2', '/3', '/4', '/5', '/6'];
    for (const path of hanging) place.keeper.want(far(path, { path, url: path }));
    await place.ready(place.request(['b']));
    expect(begun).toEqual(hanging);
  });

  test('that hangs is ended when nobody needs it any more, and the project goes', async () => {
    const { begun, ended, run } = slow();
    place.hooks.reach = (path, signal) => run(path, signal);
    const request = far('u', { path: '/clone' });
    await place.have(request, () => begun.length > 0);
    const { held } = await place.released(place.leaving(request));
    expect(held).toBeUndefined();
    expect(ended).toEqual(['/clone']);
  });

  test('goes on where something else of the spec is changed', async () => {
    const { begun, ended, run, end } = slow();
    place.hooks.reach = (path, signal) => run(path, signal);
    await place.have(far('u'), () => begun.length > 0);
    const more = { ...place.request(['a', 'b'], { repo: REMOTE }), uid: 'u' };
    place.keeper.want(more);
    await settle();
    expect([begun, ended]).toEqual([['/src/app'], []]);
    end('/src/app');
    await place.ready(more);
    expect(begun).toHaveLength(1);
  });

  test('of two projects is made by one, and who waits for it may be given up as well', async () => {
    const { begun, run } = slow();
    place.hooks.reach = (path, signal) => run(path, signal);
    const [one, two] = [far('one', { path: '/clone' }), far('two', { path: '/clone' })];
    await place.have(one, () => begun.length > 0);
    place.keeper.want(two);
    await settle();
    expect(begun).toHaveLength(1);
    expect((await place.released(place.leaving(two))).released).toBe(true);
  });

  test('ends with the controller', async () => {
    const { begun, ended, run } = slow();
    place.hooks.reach = (path, signal) => run(path, signal);
    await place.have(far('u'), () => begun.length > 0);
    await place.keeper.close();
    expect(ended).toHaveLength(1);
  });
});

test('who does not lead makes nothing', async () => {
  place.hooks.mayAct = false;
  place.keeper.want(place.request(['a']));
  await settle();
  expect(place.person.trees()).toBe(0);
});

test('a work tree that an agent found missing is made again', async () => {
  const request = place.request(['a']);
  await place.ready(request);
  place.person.removeFolder('a');
  place.keeper.doubt(request.uid, 'a');
  expect(place.keeper.look(request.uid)?.trees.get('a')?.state).toBe('Pending');
  await place.ready(request);
  expect(place.person.files('a')).toMatchObject({ a: 'one' });
});

test('what is forgotten is known no more, and what is under way for it is ended', async () => {
  const { begun, ended, run } = slow();
  place.hooks.setUp = ({ tree, signal }) => run(tree, signal);
  const request = place.request(['a'], { setUp: { argv: ['make'], timeoutMs: 1000 } });
  await place.have(request, () => begun.length > 0);
  place.keeper.forget(request.uid);
  expect(place.keeper.look(request.uid)).toBeUndefined();
  expect(ended).toEqual(['a']);
});
