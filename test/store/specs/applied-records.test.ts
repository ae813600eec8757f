import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Key, keyOf } from '../../../controller/api/key.ts';
import type { Manifest } from '../../../controller/api/manifest.ts';
import { type AppliedRecord, createAppliedRecords } from '../../../controller/store/specs/applied-records.ts';
import { createScribe } from '../../../controller/store/state/scribe.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'muxlet-applied-'));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

function records(many: number): Map<Key, AppliedRecord> {
  const numbers = Array.from({ length: many }, (_, index) => index);
  return new Map(
    numbers.map((number) => {
      const key = keyOf('Project', `p${number}`);
      const object = { metadata: { name: `p${number}` } } as Manifest;
      return [key, { entry: { key, object, source: '/s', hash: `${number}` }, seenAt: 0 }];
    }),
  );
}

const onDisk = (): number => readdirSync(join(state, 'applied', 'project')).length;

test('of many only some are handed over at once, and all in the end', async () => {
  const scribe = createScribe();
  let [open, most] = [0, 0];
  const applied = createAppliedRecords(state, () => undefined, {
    async write(path, textOf) {
      most = Math.max(most, (open += 1));
      const written = await scribe.write(path, textOf);
      open -= 1;
      return written;
    },
  });
  await applied.save(records(20));
  expect(onDisk()).toBe(20);
  await applied.save(records(3));
  expect(onDisk()).toBe(3);
  expect(most).toBe(8);
});

test('what cannot be written is told, costs none of the others, and is tried again by the next time', async () => {
  const failed: string[] = [];
  const applied = createAppliedRecords(state, (path) => failed.push(path));
  const inTheWay = join(state, 'applied', 'project', 'p1.json');
  mkdirSync(join(inTheWay, 'x'), { recursive: true });
  await applied.save(records(3));
  expect(failed).toEqual([inTheWay]);
  rmSync(inTheWay, { recursive: true });
  await applied.save(records(3));
  expect(failed).toHaveLength(1);
  expect(onDisk()).toBe(3);
});

test('who may not go on leaves off, and what is lacking is written by the next time', async () => {
  const applied = createAppliedRecords(state, () => undefined);
  await applied.save(records(20), async () => false);
  expect(onDisk()).toBe(8);
  await applied.save(records(20));
  expect(onDisk()).toBe(20);
});
