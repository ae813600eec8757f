import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Key } from '../../../controller/api/key.ts';
import { formatLine } from '../../../controller/store/state/ahead-lines.ts';
import type { FileStateStore } from '../../../controller/store/state/state-store.ts';
import { createWriteAheadLog } from '../../../controller/store/state/write-ahead.ts';
import { openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';
const API = 'project/api';

/** The directory as a controller leaves it that is killed now. */
function killed(dir: string): string {
  const left = join(temporaryFolder(), 'state');
  if (existsSync(dir)) cpSync(dir, left, { recursive: true });
  return left;
}

test('what somebody waits for is on record at once, whatever is still to be written', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  for (let index = 0; index < 500; index += 1) store.putObject(`project/p${index}`, sampleObject(`p${index}`));
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(WEB, SAMPLE_ENTRY);
  let isRecorded = false;
  void Promise.all([store.recorded(WEB), store.inventoryRecorded()]).then(([object, entry]) => {
    isRecorded = object && entry;
  });
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  expect(isRecorded).toBe(true);
  const left = killed(dir);
  expect(existsSync(join(left, 'status/project/web.json'))).toBe(false);
  const { store: next, problems } = openStore(left);
  expect(next.object(WEB)).toEqual(sampleObject('web'));
  expect(next.inventory(WEB)).toEqual(SAMPLE_ENTRY);
  expect(problems).toEqual([]);
  await next.written();
  expect(JSON.parse(readFileSync(join(left, 'status/project/web.json'), 'utf8'))).toEqual(sampleObject('web'));
  await store.written();
});

type Step =
  | { readonly type: 'put' | 'remove' | 'enter' | 'take out' | 'record'; readonly key: Key }
  | { readonly type: 'record inventory' | 'turn' | 'write' | 'heal' | 'kill' };

const keyed = fc.record({
  type: fc.constantFrom(
    'put' as const,
    'put' as const,
    'remove' as const,
    'enter' as const,
    'take out' as const,
    'record' as const,
  ),
  key: fc.constantFrom(WEB, API),
});
const plain = fc.record({
  type: fc.constantFrom(
    'record inventory' as const,
    'turn' as const,
    'write' as const,
    'heal' as const,
    'kill' as const,
  ),
});

/** What was put of one thing, one after the other, undefined where it was removed; and the last of it that has to survive. */
interface Course {
  readonly values: unknown[];
  promised: number;
}

test('whatever a controller does when it is killed, the next one knows all that was said to be on record, and nothing older', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof({ weight: 3, arbitrary: keyed }, plain), { maxLength: 60 }), async (steps) => {
      let dir = join(temporaryFolder(), 'state');
      let store: FileStateStore = openStore(dir).store;
      const courseOf = (): Course => ({ values: [undefined], promised: 0 });
      const objects = new Map<Key, Course>([WEB, API].map((key) => [key as Key, courseOf()]));
      const entries = new Map<Key, Course>([WEB, API].map((key) => [key as Key, courseOf()]));
      const promise = (course: Course): void => void (course.promised = course.values.length - 1);
      const check = (course: Course, found: unknown): void => {
        const allowed = course.values.slice(course.promised);
        expect(allowed).toContainEqual(found);
        // From now on that is what there is.
        Object.assign(course, { values: [found], promised: 0 });
      };
      let version = 0;
      for (const step of steps as Step[]) {
        version += 1;
        switch (step.type) {
          case 'put': {
            const object = sampleObject(step.key.slice('project/'.length), { specHash: `${version}` });
            store.putObject(step.key, object);
            objects.get(step.key)?.values.push(object);
            break;
          }
          case 'remove':
            store.removeObject(step.key);
            objects.get(step.key)?.values.push(undefined);
            break;
          case 'enter': {
            const entry = { ...SAMPLE_ENTRY, uid: `${version}` };
            store.putInventory(step.key, entry);
            entries.get(step.key)?.values.push(entry);
            break;
          }
          case 'take out':
            store.removeInventory(step.key);
            entries.get(step.key)?.values.push(undefined);
            break;
          case 'record': {
            expect(await store.recorded(step.key)).toBe(true);
            const course = objects.get(step.key);
            if (course) promise(course);
            break;
          }
          case 'record inventory':
            expect(await store.inventoryRecorded()).toBe(true);
            for (const course of entries.values()) promise(course);
            break;
          case 'turn':
            await setImmediate();
            break;
          case 'write':
            await store.written();
            for (const course of [...objects.values(), ...entries.values()]) promise(course);
            break;
          case 'heal':
            store.heal();
            break;
          case 'kill': {
            const before = store;
            dir = killed(dir);
            store = openStore(dir).store;
            for (const [key, course] of objects) check(course, store.object(key));
            for (const [key, course] of entries) check(course, store.inventory(key));
            await before.written();
            break;
          }
        }
      }
      await store.written();
      const last = openStore(dir).store;
      for (const [key, { values }] of objects) expect(last.object(key)).toEqual(values.at(-1));
      for (const [key, { values }] of entries) expect(last.inventory(key)).toEqual(values.at(-1));
    }),
    { numRuns: 200 },
  );
});

test('it stays small, however much is recorded', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  for (let round = 0; round < 300; round += 1) {
    store.putObject(WEB, sampleObject('web', { specHash: `${round}` }));
    await store.recorded(WEB);
    if (round % 20 === 0) await store.written();
  }
  for (let index = 0; index < 300; index += 1) {
    store.putInventory(`project/p${index}`, SAMPLE_ENTRY);
    await store.inventoryRecorded();
  }
  await store.written();
  expect(statSync(join(dir, 'ahead.ndjson')).size).toBeLessThan(400 * 1024);
  expect(openStore(killed(dir)).store.object(WEB)?.specHash).toBe('299');
});

test('once nothing is recorded any more it is emptied, also what the controller before left', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const { store } = openStore(dir);
  // It is not, as long as something is not written.
  writeFileSync(join(dir, 'status'), '');
  store.putObject(WEB, sampleObject('web'));
  await store.recorded(WEB);
  for (let round = 0; round < 4; round += 1) {
    store.heal();
    await store.written();
    expect((await stat(path)).size).toBeGreaterThan(0);
  }
  rmSync(join(dir, 'status'));
  store.heal(true);
  await store.written();
  const left = killed(dir);
  const { store: next } = openStore(left);
  for (const one of [store, next]) {
    one.heal();
    one.heal();
  }
  await vi.waitFor(() => {
    expect([path, join(left, 'ahead.ndjson')].map((each) => statSync(each).size)).toEqual([0, 0]);
  });
  store.putObject(WEB, sampleObject('web', { specHash: 'other' }));
  await vi.waitFor(async () => {
    expect(await store.recorded(WEB)).toBe(true);
  });
  expect(openStore(killed(dir)).store.object(WEB)?.specHash).toBe('other');
  await store.written();
});

test.each([
  { what: 'is a folder', block: (path: string) => void mkdirSync(path) },
  { what: 'leads elsewhere', block: (path: string) => symlinkSync('elsewhere', path) },
])('where the log $what, who waits is told once the file is written', async ({ block }) => {
  const dir = temporaryFolder();
  block(join(dir, 'ahead.ndjson'));
  const { store, problems } = openStore(dir);
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(WEB, SAMPLE_ENTRY);
  expect(await store.recorded(WEB)).toBe(true);
  expect(await store.inventoryRecorded()).toBe(true);
  expect(existsSync(join(dir, 'elsewhere'))).toBe(false);
  const { store: next } = openStore(killed(dir));
  expect([next.object(WEB), next.inventory(WEB)]).toEqual([sampleObject('web'), SAMPLE_ENTRY]);
  expect(problems).toEqual([]);
});

test('once somebody has deleted it or put another in its place, it is begun anew', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const log = createWriteAheadLog({ dir, path });
  const file = join(dir, 'status/project/web.json');
  expect(log.record(file, 'one')).toBe(true);
  const before = readFileSync(path);
  rmSync(path);
  log.heal();
  expect(log.record(file, 'two')).toBe(true);
  expect([...createWriteAheadLog({ dir, path }).found]).toEqual([[file, ['two']]]);
  rmSync(path);
  writeFileSync(path, before);
  log.heal();
  log.record(file, 'three');
  log.record(file, 'four');
  expect([...createWriteAheadLog({ dir, path }).found]).toEqual([[file, ['three', 'four']]]);
  expect([log.settle(file, log.last()), log.settle(file, log.last())]).toEqual([true, true]);
  expect([...createWriteAheadLog({ dir, path }).found]).toEqual([]);
});

test('what follows on what cannot be read is not taken for what follows on what is written in its place', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const file = 'status/project/web.json';
  const first = formatLine({ number: 1, file, news: 'new' });
  writeFileSync(path, `${'x'.repeat(first.length - 1)}\n${formatLine({ number: 2, file, news: 'old' })}`);
  createWriteAheadLog({ dir, path }).record(join(dir, file), 'new');
  expect([...createWriteAheadLog({ dir, path }).found.values()]).toEqual([['new']]);
});

test('what was recorded and is settled up to a line keeps what was recorded after it', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const log = createWriteAheadLog({ dir, path });
  const file = join(dir, 'inventory.json');
  log.record(file, { a: 1 });
  const to = log.last();
  log.record(file, { b: 2 });
  log.settle(file, to);
  expect([...createWriteAheadLog({ dir, path }).found]).toEqual([[file, [{ b: 2 }]]]);
});

test('a log that tells of files that are not ours, or of nonsense, changes nothing', async () => {
  const dir = join(temporaryFolder(), 'state');
  mkdirSync(dir);
  const log = createWriteAheadLog({ dir, path: join(dir, 'ahead.ndjson') });
  log.record(join(dir, '../escaped.json'), '{}');
  log.record(join(dir, 'status/project/..%2Fescaped.json'), JSON.stringify(sampleObject('../escaped')));
  log.record(join(dir, 'status/project/web.json'), '{"apiVersion":"other"}');
  log.record(join(dir, 'status/project/api.json'), 'no JSON');
  log.record(join(dir, 'status/project/docs.json'), 7);
  log.record(join(dir, 'inventory.json'), { [WEB]: 'nonsense', [API]: SAMPLE_ENTRY });
  log.record(join(dir, 'inventory.json'), 'nonsense');
  const { store, problems } = openStore(dir);
  expect(store.keys()).toEqual([]);
  expect(store.inventoryKeys()).toEqual([API]);
  await store.written();
  expect(existsSync(join(dir, '../escaped.json'))).toBe(false);
  expect(problems).toEqual([]);
});
