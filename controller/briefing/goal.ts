import { readFile, stat } from 'node:fs/promises';
import type { DesiredBriefing } from '../api/desired.ts';

export type Goal =
  | { readonly type: 'Goal'; readonly known: { readonly goal?: string } }
  | { readonly type: 'Unreadable'; readonly message: string };

/** What is longer than that is no goal but a document, which the goal may name. Bytes. */
const MAX_BYTES = 256 * 1024;

/** The goal as it stands now; a file is read at each start. */
export async function readGoal(goal: DesiredBriefing['goal']): Promise<Goal> {
  if (goal === undefined) return { type: 'Goal', known: {} };
  if ('text' in goal) return { type: 'Goal', known: { goal: goal.text } };
  const unreadable = (why: string): Goal => ({ type: 'Unreadable', message: `the goal file ${goal.file} ${why}` });
  try {
    const found = await stat(goal.file);
    if (!found.isFile()) return unreadable('is no regular file');
    if (found.size > MAX_BYTES) return unreadable(`is longer than ${MAX_BYTES / 1024} KiB`);
    return { type: 'Goal', known: { goal: await readFile(goal.file, 'utf8') } };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return unreadable(code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`);
  }
}
