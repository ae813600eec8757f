import type { Problem } from '../../api/problem.ts';

/** File, line, column, then text: the same problems always stand in the same order. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  const distance = (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  if (distance !== 0 || a.message === b.message) return distance;
  return a.message < b.message ? -1 : 1;
}
