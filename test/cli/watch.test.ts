import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { changes } from '../../controller/cli/watch.ts';

async function watched() {
  const root = await mkdtemp(join(tmpdir(), 'muxlet-watch-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const places = { specs: join(root, 'specs'), state: join(root, 'state'), socket: 'x' };
  await mkdir(join(places.state, 'status', 'project'), { recursive: true });
  const controller = new AbortController();
  return { places, controller, looks: changes(places, controller.signal) };
}

test('a change between the first look and the next is not lost, and many are one', async () => {
  const { places, looks, controller } = await watched();
  await looks.next();
  const file = join(places.state, 'status', 'project', 'web.json');
  for (let time = 0; time < 20; time++) await writeFile(file, String(time));
  const began = performance.now();
  await looks.next();
  expect(performance.now() - began).toBeLessThan(1500);
  controller.abort();
  expect(await looks.next()).toEqual({ done: true, value: undefined });
});

test('leaves no timer behind that would keep the program from ending', async () => {
  const { looks, places } = await watched();
  const set = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');
  onTestFinished(() => void vi.restoreAllMocks());
  await looks.next();
  const second = looks.next();
  await writeFile(join(places.state, 'status', 'project', 'web.json'), '1');
  await second;
  await looks.return();
  const resyncs = set.mock.calls.flatMap(([, ms], index) => (ms === 2000 ? [set.mock.results[index]?.value] : []));
  expect(resyncs).toHaveLength(1);
  expect(cleared.mock.calls.flat()).toEqual(expect.arrayContaining(resyncs));
});

test('directories that are not there are looked at all the same', async () => {
  const controller = new AbortController();
  const looks = changes({ specs: '/nowhere/specs', state: '/nowhere/state', socket: 'x' }, controller.signal);
  expect((await looks.next()).done).toBe(false);
  controller.abort();
  expect((await looks.next()).done).toBe(true);
});
