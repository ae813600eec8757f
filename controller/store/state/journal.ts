import { renameSync } from 'node:fs';
import { createAppendedFile } from './append-lines.ts';
import { writeAtomically } from './atomic-write.ts';
import type { WriteFailures } from './write-failures.ts';

export interface Journal {
  /** Appends a line with the time and the entry. */
  write(entry: object): void;
  /** Appends what could not be written before; what somebody has taken away is begun anew. */
  heal(): void;
}

export const MAX_BYTES = 4 * 1024 * 1024;
/** Lines that are kept in memory while the disk takes none; the oldest are lost first. */
const MAX_PENDING = 1_000;

export interface JournalOptions {
  readonly path: string;
  /** Where the full journal goes, in place of the one before. */
  readonly previousPath: string;
  readonly now: () => number;
  readonly failures: WriteFailures;
}

/** What the controller set out to do and what came of it, for people to read; nothing is ever decided from it. */
export function createJournal({ path, previousPath, now, failures }: JournalOptions): Journal {
  const file = createAppendedFile(path);
  const pending: string[] = [];

  function flush(): void {
    if (pending.length === 0) return;
    const isWritten = failures.attempt(path, () => {
      const lines = pending.join('');
      const outcome = file.append(lines, MAX_BYTES);
      if (outcome === 'Appended') return;
      file.letGo();
      if (outcome === 'Full') renameSync(path, previousPath);
      writeAtomically(path, lines);
    });
    if (isWritten) pending.length = 0;
  }

  return {
    write(entry) {
      pending.push(`${JSON.stringify({ time: new Date(now()).toISOString(), ...entry })}\n`);
      if (pending.length > MAX_PENDING) pending.shift();
      flush();
    },
    heal() {
      file.letGoIfReplaced();
      flush();
    },
  };
}
