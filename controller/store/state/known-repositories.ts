import { join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { loadJson } from './load-file.ts';

/** More than anybody has; the oldest go first. */
const MOST = 1000;

const pathOf = (state: string): string => join(state, 'repositories.json');

/** Repositories in which projects have or had work trees, the latest last: what was kept in them outlives the projects. */
export function readKnownRepositories(state: string): readonly string[] {
  const loaded = loadJson(pathOf(state), (raw) =>
    Array.isArray(raw)
      ? { type: 'Usable', value: raw.filter((one): one is string => typeof one === 'string'), dropped: [] }
      : { type: 'Unusable', why: 'it is no list' },
  );
  return loaded.type === 'Loaded' ? loaded.value : [];
}

/** One that is not there may be on a disk that is away: nothing is forgotten for that. Throws the error of the failed system call. Only for the holder of the state's lock. */
export function noteRepository(state: string, repository: string): void {
  const known = readKnownRepositories(state);
  if (known.includes(repository)) return;
  const kept = known.slice(1 - MOST);
  writeAtomically(pathOf(state), `${JSON.stringify([...kept, repository], undefined, 2)}\n`);
}
