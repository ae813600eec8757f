import type { SignSeen } from '../../api/completing.ts';
import { boundedPatternOf, matchesOf } from '../../api/reading/pattern.ts';
import { openWithin } from './open-within.ts';

export interface FileQuestion {
  /** The agent's working directory. */
  readonly directory: string;
  readonly path: string;
  readonly matching?: string;
  /** What is older does not count, in milliseconds since the epoch. */
  readonly since: number;
}

/** A file says in its first lines what it says; longer ones are not read to their end. */
const MAX_BYTES = 256 * 1024;
/** File systems tell the time of the last tick, in milliseconds. */
const TICK_MS = 10;

/** Whether there is a file that is newer than the attempt and, where that is asked, whose text matches. */
export async function lookAtFile({ directory, path, matching, since }: FileQuestion): Promise<SignSeen> {
  const opened = await openWithin(directory, path, matching === undefined ? 0 : MAX_BYTES);
  if (opened.type === 'None') return { met: false, message: `${path} ${opened.why}` };
  const { changedAt, text = '' } = opened.file;
  if (changedAt < since - TICK_MS) return { met: false, message: `${path} is from before this attempt` };
  const isMatched = matching === undefined || matchesOf(boundedPatternOf(matching, 'mu'), text).length > 0;
  if (!isMatched) return { met: false, message: `${path} does not match /${matching}/` };
  return { met: true, message: `${path} of ${new Date(changedAt).toISOString().slice(0, 19)}Z`, at: changedAt };
}
