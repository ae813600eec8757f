import { existsSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Key } from '../../../controller/api/key.ts';
import type { FileStateStore } from '../../../controller/store/state/state-store.ts';
import { killed, openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';
const API = 'project/api';
const KEYS = [WEB, API] as const;
/** What somebody may do to the directory. */
const HARMS = {
  'touch a status': (dir: string) => touch(join(dir, 'status/project/web.json')),
  'delete a status': (dir: string) => rmSync(join(dir, 'status/project/web.json'), { force: true }),
  'delete the inventory': (dir: string) => rmSync(join(dir, 'inventory.json'), { force: true }),
  'delete the log': (dir: string) => rmSync(join(dir, 'ahead.ndjson'), { force: true }),
  'cut the log': (dir: string) => existsSync(join(dir, 'ahead.ndjson')) && truncateSync(join(dir, 'ahead.ndjson'), 7),
  'delete all': (dir: string) => rmSync(dir, { recursive: true, force: true, maxRetries: 20 }),
} as const;
const IN_THE_LOG: readonly string[] = ['delete the log', 'cut the log'] satisfies (keyof typeof HARMS)[];

function touch(path: string): void {
  if (existsSync(path)) utimesSync(path, 1, 1);
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('put', 'put', 'remove', 'enter', 'take out', 'record'),
      key: fc.constantFrom(...KEYS),
    }),
  },
  fc.record({ type: fc.constantFrom('record inventory', 'turn', 'write', 'heal', 'kill', 'kill') }),
  fc.record({ type: fc.constantFrom(...(Object.keys(HARMS) as (keyof typeof HARMS)[])), heals: fc.boolean() }),
);

/** What was put of one thing, one after the other, undefined where it was removed; and the last of it that has to survive. */
interface Course {
  readonly values: unknown[];
  promised: number;
}

test('whatever is done before it is killed, the next controller knows all that was said to be on record, and nothing older', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      let dir = join(temporaryFolder(), 'state');
      let store: FileStateStore = openStore(dir).store;
      // So many that what is put after them is not written for a while.
      for (let n = 0; n < 30; n += 1) store.putObject(`project/p${n}`, sampleObject(`p${n}`));
      const newCourses = () => new Map<Key, Course>(KEYS.map((key) => [key, { values: [undefined], promised: 0 }]));
      const [objects, entries] = [newCourses(), newCourses()];
      const all = [...objects.values(), ...entries.values()];
      const push = (courses: Map<Key, Course>, key: Key, value: unknown): void =>
        void courses.get(key)?.values.push(value);
      const promise = (courses: Iterable<Course | undefined>): void => {
        for (const course of courses) if (course !== undefined) course.promised = course.values.length - 1;
      };
      const restart = async (): Promise<void> => {
        const before = store;
        dir = killed(dir);
        store = openStore(dir).store;
        for (const [courses, found] of [
          [objects, (key: Key) => store.object(key)],
          [entries, (key: Key) => store.inventory(key)],
        ] as const) {
          for (const [key, course] of courses) {
            expect(course.values.slice(course.promised)).toContainEqual(found(key));
            // From now on that is what there is.
            course.values.splice(0, course.values.length, found(key));
            course.promised = 0;
          }
        }
        await before.written();
      };
      for (const [index, now] of steps.entries()) {
        const { type } = now;
        if (type in HARMS && 'heals' in now) {
          HARMS[type as keyof typeof HARMS](dir);
          // What stood there is gone, until it is looked after; what is in the log alone is seen with the next line.
          for (const course of all) {
            course.values.unshift(undefined);
            course.promised = 0;
          }
          if (now.heals || !IN_THE_LOG.includes(type)) store.heal(true);
        } else if (type === 'turn') await setImmediate();
        else if (type === 'heal') store.heal();
        else if (type === 'kill') await restart();
        else if (type === 'write') {
          await store.written();
          promise(all);
        } else if (type === 'record inventory') {
          expect(await store.inventoryRecorded()).toBe(true);
          promise(entries.values());
        } else if ('key' in now) {
          const { key } = now;
          const object = sampleObject(key.slice('project/'.length), { specHash: `${index}` });
          const entry = { ...SAMPLE_ENTRY, uid: `${index}` };
          if (type === 'put') {
            store.putObject(key, object);
            push(objects, key, object);
          } else if (type === 'remove') {
            store.removeObject(key);
            push(objects, key, undefined);
          } else if (type === 'enter') {
            store.putInventory(key, entry);
            push(entries, key, entry);
          } else if (type === 'take out') {
            store.removeInventory(key);
            push(entries, key, undefined);
          } else {
            expect(await store.recorded(key)).toBe(true);
            promise([objects.get(key)]);
          }
        }
      }
      store.heal(true);
      await store.written();
      const last = openStore(dir).store;
      for (const [key, { values }] of objects) expect(last.object(key)).toEqual(values.at(-1));
      for (const [key, { values }] of entries) expect(last.inventory(key)).toEqual(values.at(-1));
    }),
    { numRuns: 100 },
  );
  // A disk that stalls makes ten times as long of it.
}, 120_000);
