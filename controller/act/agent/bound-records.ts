import { renameSync, statSync } from 'node:fs';
import { asideOf } from '../../api/launch-record.ts';

/** A file of hook records that is larger is put aside, in bytes: twice that is all that an agent's records take. */
const MAX_RECORDS = 16 * 1024 * 1024;

/**
 * Puts a long file of hook records aside, in the place of the one before. A hook that runs at this moment and has opened
 * it goes on writing to it there, where whoever reads the records follows it; the next one makes the file anew. So no
 * record is lost, whatever the moment.
 *
 * @throws what the file system says
 */
export function boundRecords(file: string, maxBytes = MAX_RECORDS): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxBytes) renameSync(file, asideOf(file));
}
