import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Look } from '../../api/look.ts';
import type { CommitFact, GitBase, GitFacts } from '../../api/workspace.ts';
import { type GitOptions, runGit } from '../../exec/git.ts';
import type { CommandResult } from '../../exec/run-command.ts';
import type { GitPlace } from './find-work-tree.ts';
import { orNothing } from './or-nothing.ts';
import { LOG_FORMAT, parseLog } from './parse-log.ts';
import { parseStatus } from './parse-status.ts';

/** What is worked out from two commits alone, and so is never worked out again for the same ones. */
export interface History {
  readonly head: string;
  readonly base: GitBase;
  /** Absent: the base could not be compared with. */
  readonly counts?: { readonly ahead: number; readonly behind: number };
  readonly last?: CommitFact;
  readonly commits: readonly CommitFact[];
}

export interface WorkTreeLook {
  readonly look: Look<GitFacts>;
  readonly history?: History;
}

/** One call of git may take so long, in milliseconds. */
const TIMEOUT_MS = 20_000;
/** Commits that are told of, the newest first. */
const MAX_COMMITS = 200;
const STATUS = ['status', '--porcelain=v2', '-z', '--branch', '--no-ahead-behind', '--untracked-files=normal'];
const LOG = ['log', '-z', '--no-show-signature', '--no-notes', '--encoding=UTF-8', `--format=${LOG_FORMAT}`];
/** In a partial clone nothing is fetched for a look (since git 2.45). */
const OPTIONS: GitOptions = { timeoutMs: TIMEOUT_MS, env: { GIT_NO_LAZY_FETCH: '1' } };

/** What each of them leaves in the work tree's git directory while it is under way. */
const OPERATIONS = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
] as const;

export interface LookOptions {
  /** What ahead and behind are counted from; undefined: from HEAD as it is now. */
  readonly base: GitBase | undefined;
  /** The history of an earlier look. */
  readonly known: History | undefined;
  readonly now: () => number;
}

/** Looks at a work tree; never rejects. */
export async function lookAtWorkTree(place: GitPlace, { base, known, now }: LookOptions): Promise<WorkTreeLook> {
  const at = now();
  const result = await runGit(place.directory, STATUS, OPTIONS);
  if (!result.ok) return { look: failed(result, at) };
  const { head, branch, changed, untracked } = parseStatus(result.stdout);
  let operation: string | undefined;
  try {
    operation = await operationIn(place);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { look: { state: 'Unknown', at, reason: 'GitFailed', message } };
  }
  const tree = { ...(branch !== undefined && { branch }), changed, untracked, ...(operation && { operation }) };
  if (head === undefined) return { look: { state: 'Known', at, value: { status: tree, commits: [] } } };
  const from = base === undefined ? head : base;
  const isKnown = known !== undefined && known.head === head && known.base === from && known.counts !== undefined;
  const history = isKnown ? known : await historyOf(place, head, from);
  if ('stderr' in history) return { look: failed(history, at) };
  const { counts, last, commits } = history;
  const movedAt = await stat(join(place.gitDir, 'logs', 'HEAD')).catch(() => undefined);
  const status: GitFacts['status'] = {
    ...tree,
    head,
    ...(from !== null && { base: from }),
    ...counts,
    ...(last !== undefined && { ...dateOf(last), subject: subjectOf(last) }),
  };
  const value = { status, commits, ...(movedAt !== undefined && { movedAt: Math.floor(movedAt.mtimeMs) }) };
  return { look: { state: 'Known', at, value }, history };
}

async function historyOf(place: GitPlace, head: string, base: GitBase): Promise<History | CommandResult> {
  const counts = await countsOf(place, head, base);
  const isAhead = counts !== undefined && counts.ahead > 0;
  const bound = `--max-count=${isAhead ? MAX_COMMITS : 1}`;
  const since = isAhead && base !== null ? [`^${base}`] : [];
  const log = await runGit(place.directory, [...LOG, bound, '--end-of-options', head, ...since, '--'], OPTIONS);
  if (!log.ok) return log;
  const commits = parseLog(log.stdout);
  // Among several, the newest by date need not be the one that is checked out.
  const last = commits.find(({ hash }) => hash === head);
  return { head, base, ...(counts && { counts }), ...(last && { last }), commits: isAhead ? commits : [] };
}

/** Undefined where the base is not there any more: its history was rewritten, and cleaned up since. */
async function countsOf({ directory }: GitPlace, head: string, base: GitBase): Promise<History['counts']> {
  if (head === base) return { ahead: 0, behind: 0 };
  const sides = base === null ? head : `${base}...${head}`;
  const count = ['rev-list', '--count', ...(base === null ? [] : ['--left-right'])];
  const result = await runGit(directory, [...count, '--end-of-options', sides, '--'], OPTIONS);
  const [first, second] = result.stdout.split('\t').map(Number);
  if (!result.ok || first === undefined) return undefined;
  return second === undefined ? { ahead: first, behind: 0 } : { ahead: second, behind: first };
}

/** What is under way there. @throws what the system says of a folder that cannot be looked into */
export async function operationIn({ gitDir }: Pick<GitPlace, 'gitDir'>): Promise<string | undefined> {
  const names = new Set((await orNothing(readdir(gitDir))) ?? []);
  return OPERATIONS.find(([name]) => names.has(name))?.[1];
}

function failed({ timedOut, stderr, exitCode, startError }: CommandResult, at: number): Look<GitFacts> {
  if (timedOut) {
    return { state: 'Unknown', at, reason: 'GitTimeout', message: `git did not answer within ${TIMEOUT_MS / 1000} s` };
  }
  const said = stderr.split('\n').find((line) => line.trim() !== '');
  const message = said?.slice(0, 300) ?? `git failed (${startError ?? exitCode ?? 'ended by a signal'})`;
  return { state: 'Unknown', at, reason: 'GitFailed', message };
}

/** A commit may bear any date, one that no calendar has as well. */
function dateOf({ at }: CommitFact): Pick<GitFacts['status'], 'lastCommitAt'> {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? {} : { lastCommitAt: date.toISOString() };
}

function subjectOf({ message }: CommitFact): string {
  return (message.split('\n')[0] ?? '').slice(0, 200);
}
