import { setImmediate } from 'node:timers/promises';
import type { Key } from '../../api/key.ts';
import type { Clock } from './clock.ts';
import { createFileReader } from './file-reader.ts';
import type { Entry, ReadFile } from './fold.ts';
import { type Scan, type ScanOptions, scanDirectory } from './scan-directory.ts';

/** How long an emptied file may be a file that is being written, in milliseconds. */
const EMPTIED_MS = 2000;

/** Fresh files that are parsed before others get a turn of the event loop: about 10 ms of work. */
const FILES_A_TURN = 20;

export interface SpecFilesLook {
  readonly scan: Scan;
  readonly files: readonly ReadFile[];
  /** Milliseconds until an emptied file counts as empty; undefined if there is none. */
  readonly lookAgainInMs?: number;
}

export type Prepared = Pick<ReadFile, 'source' | 'result'>;

export interface SpecFiles {
  /** Looks at all files. Never rejects. */
  look(lastGood: ReadonlyMap<Key, Entry>): Promise<SpecFilesLook>;
  /** Parses beforehand, and gives, what the next look will find new, if it stays as it is. Never rejects. */
  prepare(): Promise<readonly Prepared[]>;
}

/** The files of the specs directory, each parsed once for as long as it stays the same. */
export function createSpecFiles(options: ScanOptions, clock: Clock): SpecFiles {
  const reader = createFileReader();
  /** When each file was first found empty that had held objects. */
  const emptiedAt = new Map<string, number>();
  let looks = 0;

  return {
    async prepare() {
      const before = looks;
      const prepared: Prepared[] = [];
      for (const file of scanDirectory(options).files) {
        if (reader.isKnown(file)) continue;
        if (prepared.length % FILES_A_TURN === FILES_A_TURN - 1) await setImmediate();
        if (looks !== before) break;
        prepared.push({ source: file.source, result: reader.read(file, clock.now()) });
      }
      return prepared;
    },
    async look(lastGood) {
      looks += 1;
      const scan = scanDirectory(options);
      const sources = new Set([...lastGood.values()].map(({ source }) => source));
      const files: ReadFile[] = [];
      let lookAgainInMs: number | undefined;
      let fresh = 0;
      for (const file of scan.files) {
        if (!reader.isKnown(file) && ++fresh % FILES_A_TURN === 0) await setImmediate();
        const result = reader.read(file, clock.now());
        const isEmptied = result.places.length === 0 && result.legible && sources.has(file.source);
        if (!isEmptied) emptiedAt.delete(file.source);
        else if (!emptiedAt.has(file.source)) emptiedAt.set(file.source, clock.now());
        const left = isEmptied ? (emptiedAt.get(file.source) ?? 0) + EMPTIED_MS - clock.now() : 0;
        if (left > 0) lookAgainInMs = Math.min(lookAgainInMs ?? left, left);
        files.push({ source: file.source, path: file.path, result, suspended: left > 0 });
      }
      if (scan.readable) reader.keep(scan.files);
      return { scan, files, ...(lookAgainInMs !== undefined && { lookAgainInMs }) };
    },
  };
}
