/** What git says of an agent's work tree, in the words of the tables and of describe. */
import type { GitStatus } from '../../api/generated/all.ts';
import { formatAge } from './age.ts';

type Git = GitStatus | undefined;

/** `main`, `(detached)`, `main|merge`: with what is under way. */
export function branchText(git: Git): string {
  if (git?.changed === undefined) return '';
  const branch = git.branch ?? '(detached)';
  return git.operation === undefined ? branch : `${branch}|${git.operation}`;
}

/** `3`, or `3 (2 behind)` where commits of the base are missing. */
export function aheadText(git: Git): string {
  if (git?.ahead === undefined) return '';
  return (git.behind ?? 0) > 0 ? `${git.ahead} (${git.behind} behind)` : String(git.ahead);
}

/** How many files are changed or not tracked. */
export function dirtyText(git: Git): string {
  if (git === undefined) return '';
  if (git.state === 'Unknown') return 'Unknown';
  return String((git.changed ?? 0) + (git.untracked ?? 0));
}

/** `3fa2c1b (5m ago)` */
export function lastCommitText(git: Git, now: number): string {
  if (git?.head === undefined) return '';
  const age = git.lastCommitAt === undefined ? '' : ` (${formatAge(git.lastCommitAt, now)} ago)`;
  return `${git.head.slice(0, 7)}${age}`;
}

/** The lines of describe. */
export function gitRows(git: Git, now: number): (readonly [label: string, value: string])[] {
  if (git === undefined) return [];
  const { state, message, base, dirtySince, remindedAt, subject, changed = 0, untracked = 0 } = git;
  const rows: [string, string][] = [['Branch', branchText(git)]];
  if (git.head !== undefined) rows.push(['Head', `${lastCommitText(git, now)} ${subject ?? ''}`.trimEnd()]);
  if (git.ahead !== undefined)
    rows.push(['Ahead', base === undefined ? aheadText(git) : `${aheadText(git)} of ${base.slice(0, 7)}`]);
  const since = dirtySince === undefined ? '' : ` for ${formatAge(dirtySince, now)}`;
  const reminded = remindedAt === undefined ? '' : `; reminded ${formatAge(remindedAt, now)} ago`;
  rows.push(['Uncommitted', `${changed} changed, ${untracked} not tracked${since}${reminded}`]);
  if (state === 'Unknown') rows.push(['Git', `Unknown: ${message ?? ''}`]);
  return rows;
}
