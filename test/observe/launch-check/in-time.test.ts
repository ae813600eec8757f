import { expect, test } from 'vitest';
import { createBoundedLooks } from '../../../controller/observe/launch-check/in-time.ts';

const never = new Promise<never>(() => undefined);

function looks() {
  const timers = new Set<() => void>();
  const touched: string[] = [];
  let now = 0;
  const dead = new Map<string, Promise<unknown>>([['/dead', never]]);
  const mountOf = (place: string) => (place.startsWith('/dead') ? '/dead' : '/');
  const bounded = createBoundedLooks({
    limitMs: 5000,
    after: (_, callback) => {
      timers.add(callback);
      return () => void timers.delete(callback);
    },
    touch: (place) => {
      touched.push(place);
      return dead.get(mountOf(place)) ?? Promise.resolve();
    },
    mountOf,
    now: () => now,
  });
  return {
    touched,
    timers,
    revive: (answer: Promise<unknown>) => dead.set('/dead', answer),
    look: (place: string, ask = () => Promise.resolve('looked')) => bounded.look(place, ask, () => 'late'),
    wait(ms: number) {
      now += ms;
    },
    async pass() {
      await settled();
      for (const timer of timers) timer();
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who answers is looked at, and no timer stays', async () => {
  const { look, timers } = looks();
  expect(await look('/home/one')).toBe('looked');
  expect(timers.size).toBe(0);
});

test('a touch that waits for no other is under way at once', async () => {
  const { look, touched } = looks();
  const looked = look('/home/one');
  expect(touched).toEqual(['/home/one']);
  await looked;
});

test('a place that does not answer is late after the limit', async () => {
  const { look, pass } = looks();
  const late = look('/dead/one');
  await pass();
  expect(await late).toBe('late');
});

test('a mount that owes an answer is touched once, however many places there are on it', async () => {
  const { look, pass, touched } = looks();
  const first = ['/dead/one', '/dead/two', '/dead/one'].map((place) => look(place));
  await pass();
  expect(await Promise.all(first)).toEqual(['late', 'late', 'late']);
  expect(await look('/dead/three')).toBe('late');
  expect(touched).toEqual(['/dead/one']);
});

test('one touch serves all who came to a mount before it began, or a moment after it was answered', async () => {
  const { look, touched, wait } = looks();
  const places = Array.from({ length: 50 }, (_, index) => `/home/${index}`);
  expect(await Promise.all(places.map((place) => look(place)))).toEqual(places.map(() => 'looked'));
  wait(50);
  await look('/home/late');
  expect(touched).toEqual(['/home/0']);
  wait(1);
  await look('/home/last');
  expect(touched).toEqual(['/home/0', '/home/last']);
});

test('a place that owes an answer is no place to touch for others of its mount', async () => {
  const { look, pass, touched, wait } = looks();
  const late = look('/home/one', () => never);
  await settled();
  await pass();
  await late;
  wait(5000);
  const both = [look('/home/one'), look('/home/two')];
  expect(await Promise.all(both)).toEqual(['late', 'looked']);
  expect(touched).toEqual(['/home/one', '/home/two']);
});

test('places elsewhere are looked at meanwhile', async () => {
  const { look, pass } = looks();
  const late = look('/dead/one');
  await pass();
  await late;
  expect(await look('/home/one')).toBe('looked');
});

test('what is asked of a place that was there is bounded as well', async () => {
  const { look, pass } = looks();
  const late = look('/home/one', () => never);
  await settled();
  await pass();
  expect(await late).toBe('late');
  expect(await look('/home/one')).toBe('late');
  expect(await look('/home/two')).toBe('looked');
});

test('a mount that answers at last is looked at again', async () => {
  const { look, pass, revive } = looks();
  let answer = () => {};
  revive(
    new Promise<void>((resolve) => {
      answer = resolve;
    }),
  );
  const late = look('/dead/one');
  await pass();
  await late;
  answer();
  revive(Promise.resolve());
  await settled();
  expect(await look('/dead/one')).toBe('looked');
});

test('that a place is not there is an answer', async () => {
  const { look, revive } = looks();
  revive(Promise.reject(new Error('ENOENT')));
  expect(await look('/dead/one')).toBe('looked');
});

test('what goes wrong in a look goes to who asked', async () => {
  const { look } = looks();
  await expect(look('/home/one', () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO');
});
