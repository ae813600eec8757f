import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Key, nameOf } from '../../../controller/api/key.ts';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import { createStateStore } from '../../../controller/store/state/state-store.ts';
import { sampleObject, temporaryFolder } from './samples.ts';

const KEYS = ['project/a', 'project/b', 'project/c'] as const satisfies readonly Key[];

type Step =
  | { readonly type: 'put'; readonly key: Key; readonly content: string }
  | { readonly type: 'remove' | 'delete file' | 'truncate file'; readonly key: Key }
  | { readonly type: 'garble file'; readonly key: Key; readonly bytes: Uint8Array; readonly at: number }
  | { readonly type: 'restart' | 'heal' | 'delete all' | 'block folder' | 'unblock folder' };

const key = fc.constantFrom(...KEYS);
const plain = (...types: ('restart' | 'heal' | 'delete all' | 'block folder' | 'unblock folder')[]) =>
  fc.record({ type: fc.constantFrom(...types) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('put' as const), key, content: fc.string({ maxLength: 8 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('remove' as const, 'delete file' as const, 'truncate file' as const),
      key,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('garble file' as const),
      key,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      at: fc.nat(400),
    }),
  },
  { weight: 3, arbitrary: plain('restart', 'heal', 'delete all', 'block folder', 'unblock folder') },
);

/**
 * The world beside the store: what was last put, and whether the file on disk is known to say so. A restart may lose
 * what was harmed since, and must keep everything else.
 */
test('whatever is put, harmed, healed and restarted, nothing throws and intact files give the last put back', async () => {
  const dir = temporaryFolder();
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const state = join(dir, `${round++}`);
      const folder = join(state, 'status/project');
      const fileOf = (of: Key) => join(folder, `${nameOf(of)}.json`);
      const open = () => createStateStore({ dir: state, now: () => 1_740_823_200_000, onProblem: () => {} });
      const wanted = new Map<Key, StoredObject>();
      const intact = new Set<Key>();
      let isBlocked = false;
      let store = open();

      const check = () => {
        for (const of of KEYS) expect(store.object(of)).toEqual(wanted.get(of));
      };
      const harm = (of: Key, how: (path: string) => void) => {
        if (!isBlocked && existsSync(fileOf(of))) how(fileOf(of));
        intact.delete(of);
      };
      for (const now of steps) {
        switch (now.type) {
          case 'put': {
            const object = sampleObject(nameOf(now.key), { specHash: now.content });
            store.putObject(now.key, object);
            const isNew = wanted.get(now.key)?.specHash !== now.content;
            wanted.set(now.key, object);
            if (isBlocked) intact.delete(now.key);
            else if (isNew) intact.add(now.key);
            break;
          }
          case 'remove':
            store.removeObject(now.key);
            wanted.delete(now.key);
            intact.delete(now.key);
            break;
          case 'delete file':
            harm(now.key, (path) => rmSync(path));
            break;
          case 'truncate file':
            harm(now.key, (path) => truncateSync(path, readFileSync(path).length >> 1));
            break;
          case 'garble file':
            harm(now.key, (path) => {
              const bytes = readFileSync(path);
              bytes.set(now.bytes, Math.min(now.at, Math.max(0, bytes.length - now.bytes.length)));
              writeFileSync(path, bytes);
            });
            break;
          case 'delete all':
            if (isBlocked) break;
            rmSync(state, { recursive: true, force: true });
            intact.clear();
            break;
          case 'block folder':
            rmSync(folder, { recursive: true, force: true });
            mkdirSync(join(state, 'status'), { recursive: true });
            writeFileSync(folder, '');
            isBlocked = true;
            intact.clear();
            break;
          case 'unblock folder':
            if (isBlocked) rmSync(folder);
            isBlocked = false;
            break;
          case 'heal':
            store.heal();
            if (!isBlocked) for (const of of wanted.keys()) intact.add(of);
            break;
          case 'restart':
            store = open();
            for (const of of KEYS) {
              const loaded = store.object(of);
              if (intact.has(of)) expect(loaded).toEqual(wanted.get(of));
              if (!wanted.has(of)) expect(loaded).toBeUndefined();
              // What was harmed is gone, or was harmed in a field only.
              if (loaded === undefined) wanted.delete(of);
              else wanted.set(of, loaded);
            }
            break;
        }
        await store.written();
        check();
      }
      store.heal();
      await store.written();
      if (isBlocked) return;
      const last = open();
      for (const of of KEYS) if (intact.has(of)) expect(last.object(of)).toEqual(wanted.get(of));
    }),
    { numRuns: 150 },
  );
});
