import type { Key } from '../../api/key.ts';
import type { Look } from '../../api/look.ts';
import type { GitBase, GitFacts } from '../../api/workspace.ts';
import type { WorkTreeEye } from './eyes.ts';
import { type TreeStanding, workingPauseMs } from './need.ts';
import type { WantedTree } from './wanted-trees.ts';

/** A directory that agents of one project work in. */
export interface WatchedTree extends TreeStanding {
  readonly id: string;
  readonly key: Key;
  readonly uid: string;
  readonly directory: string;
  /** Where its top has to be, if it is a work tree of ours. */
  readonly top: string | undefined;
  /** The names of the agents. */
  agents: readonly string[];
  /** Something is said of it in the status. */
  isSaid: boolean;
  /** The attempt that the base belongs to, and what else has it looked at anew when it changes. */
  attempt: number | undefined;
  occasion: string;
  base: GitBase | undefined;

  eye: WorkTreeEye | undefined;
  unwatch: (() => void) | undefined;
  /** Undefined: nobody looked yet. None: it lies in no work tree. */
  facts: Look<GitFacts> | 'None' | undefined;
  lookedAt: number | undefined;
  costMs: number;
  mark: string;
  workedAt: number;
  wantedAt: number;
  failures: number;
  dueAt: number;
  /** When its mark was last asked for. */
  visitedAt: number;
  /** Its mark is being taken, or it is being looked at. */
  busy: boolean;
  /** Somebody told of a change since its mark was last taken. */
  told: boolean;
  gone: boolean;
}

type Wanted = WantedTree & Pick<WatchedTree, 'id' | 'key' | 'uid'>;

export function newTree({ remindAt: _remindAt, ...wanted }: Wanted, now: number): WatchedTree {
  return {
    ...wanted,
    eye: undefined,
    unwatch: undefined,
    facts: undefined,
    lookedAt: undefined,
    costMs: 0,
    mark: '',
    workedAt: 0,
    wantedAt: 0,
    failures: 0,
    dueAt: now,
    visitedAt: 0,
    busy: false,
    told: false,
    gone: false,
  };
}

/** Let go of: found and watched anew, whoever looks next. */
export function closeEye(tree: WatchedTree): void {
  closeWatch(tree);
  tree.eye = undefined;
}

export function closeWatch(tree: WatchedTree): void {
  tree.unwatch?.();
  tree.unwatch = undefined;
}

/** Takes up what is wanted of it now; what changed with that has it looked at anew. */
export function follow(tree: WatchedTree, wanted: WantedTree, now: number): void {
  tree.agents = wanted.agents;
  tree.isSaid = wanted.isSaid;
  if (wanted.attempt !== tree.attempt && tree.attempt !== undefined) {
    // Unless it is told otherwise, the new attempt is counted from what it finds.
    tree.base = undefined;
    tree.facts = tree.facts === 'None' ? 'None' : undefined;
    tree.lookedAt = undefined;
    tree.dueAt = now;
  }
  tree.attempt = wanted.attempt;
  if (wanted.base !== undefined && wanted.base !== tree.base) {
    tree.base = wanted.base;
    tree.wantedAt = now;
    tree.dueAt = Math.min(tree.dueAt, now);
  }
  if (wanted.occasion !== tree.occasion) {
    tree.occasion = wanted.occasion;
    if (!tree.busy) closeEye(tree);
    tree.dueAt = Math.min(tree.dueAt, now);
  }
  if (wanted.remindAt > (tree.lookedAt ?? 0) && wanted.remindAt > tree.wantedAt) {
    tree.wantedAt = wanted.remindAt;
    tree.dueAt = Math.min(tree.dueAt, wanted.remindAt);
  }
}

/** An agent has shown at `at` that it works there: what it changes is looked for, sooner than where all is at rest. */
export function worked(tree: WatchedTree, at: number, now: number): void {
  tree.workedAt = Math.max(tree.workedAt, at);
  if (tree.workedAt <= tree.visitedAt) return;
  tree.dueAt = Math.min(tree.dueAt, Math.max(now, tree.visitedAt + workingPauseMs(tree.costMs)));
}

/** No work tree is put off for longer, in milliseconds. */
const MOST_AHEAD_MS = 300_000;

/** One whose time lies far ahead was put off before the clock was set back. */
export function isDue({ dueAt }: WatchedTree, now: number): boolean {
  return dueAt <= now || dueAt > now + MOST_AHEAD_MS;
}

/** Whether it says anything else than before, and not only later. */
export function faceOf(facts: WatchedTree['facts']): string {
  if (facts === undefined || facts === 'None') return String(facts);
  // The commits are those between the two that the status names.
  return JSON.stringify(facts.state === 'Known' ? facts.value.status : [facts.reason, facts.message]);
}

/** From one look to the next that was hinted at: so long, or so many times as long as it took, but never longer than … */
const GAP_MS = 300;
const GAP_COST = 4;
const GAP_MOST_MS = 60_000;

export function gapMs({ costMs }: WatchedTree): number {
  return Math.min(GAP_MOST_MS, Math.max(GAP_MS, costMs * GAP_COST));
}
