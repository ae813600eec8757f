import type { SignSeen } from '../../api/completing.ts';
import { openWithin } from './open-within.ts';

export interface PlanQuestion {
  /** The agent's working directory. */
  readonly directory: string;
  readonly file: string;
}

const MAX_BYTES = 1024 * 1024;
/** Of a task, in characters. */
const MAX_TOLD = 80;

/** Whether all tasks of a Markdown file are ticked, and there is one. */
export async function lookAtPlan({ directory, file }: PlanQuestion): Promise<SignSeen> {
  const opened = await openWithin(directory, file, MAX_BYTES);
  if (opened.type === 'None') return { met: false, message: `${file} ${opened.why}` };
  const { text = '', size, changedAt } = opened.file;
  if (size > MAX_BYTES) return { met: false, message: `${file} is longer than ${MAX_BYTES / 1024} KiB` };
  const tasks = tasksOf(text);
  const open = tasks.find(({ done }) => !done);
  const ticked = tasks.filter(({ done }) => done).length;
  if (tasks.length === 0) return { met: false, message: `${file} has no tasks` };
  const message = `${file}: ${ticked} of ${tasks.length} tasks ticked`;
  if (open !== undefined) return { met: false, message: `${message}, next: ${open.text.slice(0, MAX_TOLD)}` };
  return { met: true, message, at: changedAt };
}

export interface Task {
  readonly done: boolean;
  readonly text: string;
}

/** The items of lists that begin with a box, as GitHub has them; what stands in a code block is an example. */
export function tasksOf(markdown: string): Task[] {
  const tasks: Task[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const [, box, text = ''] =
      /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\](?:[ \t]+(.*))?$/.exec(line.trimEnd()) ?? [];
    if (box !== undefined) tasks.push({ done: box !== ' ', text: text.trim() });
  }
  return tasks;
}
