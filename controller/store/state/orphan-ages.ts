import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { isRecord } from './check.ts';
import { loadJson } from './load-file.ts';

/** For how long orphans have been seen as such, in milliseconds, by their uids. */
export type OrphanAges = ReadonlyMap<string, number>;

const pathOf = (state: string): string => join(state, 'orphans.json');

/** What is not there or cannot be read makes all of them young. */
export function readOrphanAges(state: string): OrphanAges {
  const loaded = loadJson(pathOf(state), (raw) => {
    if (!isRecord(raw)) return { type: 'Unusable', why: 'it is no record' };
    const ages = Object.entries(raw).filter((entry): entry is [string, number] => isAge(entry[1]));
    return { type: 'Usable', value: new Map(ages), dropped: [] };
  });
  return loaded.type === 'Loaded' ? loaded.value : new Map();
}

/** Throws the error of the failed system call. Only for the holder of the state's lock. */
export function writeOrphanAges(state: string, ages: OrphanAges): void {
  if (ages.size === 0) rmSync(pathOf(state), { force: true });
  else writeAtomically(pathOf(state), `${JSON.stringify(Object.fromEntries(ages))}\n`);
}

function isAge(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
