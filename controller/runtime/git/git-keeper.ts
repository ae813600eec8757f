/**
 * Keeps in mind what git says of the directories that agents work in, and tells whose has changed. At rest it costs a few
 * stat(2) a work tree every two minutes: git is only started where it did something, or where an agent works and may have changed
 * files; docs/decisions/0019 says why. Changes nothing, anywhere.
 */
import type { AgentReading } from '../../api/agent-reading.ts';
import type { Key } from '../../api/key.ts';
import type { Look } from '../../api/look.ts';
import { isSameList } from '../../api/same-list.ts';
import type { GitFacts, GitLooks } from '../../api/workspace.ts';
import { createAlarm } from '../alarm.ts';
import type { Clock } from '../ports.ts';
import { createLimit } from '../probes/limit.ts';
import type { SeenProject } from '../project-worker.ts';
import { type OpenWorkTree, resultOf } from './eyes.ts';
import { leisurelyMs, type Need, needOf, retryAfterMs } from './need.ts';
import { createPacer } from './pacer.ts';
import { closeEye, closeWatch, faceOf, follow, gapMs, isDue, newTree, type WatchedTree, worked } from './tree.ts';
import { wantedTrees } from './wanted-trees.ts';

export interface GitKeeperOptions {
  readonly clock: Clock;
  /** 0 to 1: where in its time each is looked at. */
  readonly random: () => number;
  readonly open: OpenWorkTree;
  readonly readings: (projectUid: string) => readonly Pick<AgentReading, 'agent' | 'movedAt'>[];
  readonly onChange: (key: Key) => void;
  readonly onLook: (result: 'success' | 'error' | 'timeout', ms: number) => void;
  readonly onError: (error: unknown) => void;
}

/** A pane as a look at everything lists it. */
interface ListedWork {
  readonly mark?: { readonly uid: string; readonly agent: string };
  /** Seconds since the epoch. */
  readonly windowActivity: number;
}

export interface GitKeeper {
  seen(project: SeenProject): void;
  /** Told of every look at everything: when which window last had output. */
  listed(panes: readonly ListedWork[]): void;
  /** Undefined of a project that was not seen yet. */
  results(projectUid: string): GitLooks | undefined;
  forget(projectUid: string): void;
  close(): void;
}

/** Between two marks of a work tree that is watched, of one that cannot be, and of a directory that is none. */
const WATCHED_MS = 120_000;
const UNWATCHED_MS = 10_000;
const NONE_MS = 120_000;
/** From a hint to a look: what git does comes in steps. */
const STEPS_MS = 80;
/** After something was found, the rest of it may still be on its way. */
const AFTER_MS = 1000;
/** Looks that were hinted at. One that hung once is tried again at leisure only. */
const AT_ONCE = 4;

const NEVER = new AbortController().signal;

export function createGitKeeper(options: GitKeeperOptions): GitKeeper {
  const { clock, random, open, readings, onChange, onLook, onError } = options;
  /** Per project, by directory. */
  const projects = new Map<string, Map<string, WatchedTree>>();
  const limit = createLimit(AT_ONCE);
  const pacer = createPacer(clock, onError);
  // However the clock is set, it is looked again soon enough.
  const alarm = createAlarm(clock, WATCHED_MS, ring);
  let closed = false;
  /** What was last listed, where no more can come of it. */
  let heard: readonly ListedWork[] | undefined;

  function* all(): Generator<WatchedTree> {
    for (const trees of projects.values()) yield* trees.values();
  }

  function ring(): number {
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const tree of all()) {
      if (!tree.busy && isDue(tree, now)) visit(tree).catch(onError);
      if (!tree.busy) next = Math.min(next, tree.dueAt);
    }
    return next;
  }

  /** Of a work tree, one thing is done at a time. */
  async function alone<Done>(tree: WatchedTree, work: () => Promise<Done>): Promise<Done> {
    tree.busy = true;
    tree.told = false;
    try {
      return await work();
    } finally {
      tree.busy = false;
      if (tree.told) hasten(tree);
      alarm.by(tree.dueAt);
    }
  }

  /** Takes its mark, and has it looked at if need be. */
  async function visit(tree: WatchedTree): Promise<void> {
    const { told } = tree;
    tree.visitedAt = clock.now();
    const need = await alone(tree, async (): Promise<Need> => {
      const mark = (await openEye(tree)) ? await markOf(tree) : undefined;
      if (mark === undefined) return 'None';
      tree.workedAt = Math.max(tree.workedAt, ...movedAt(tree));
      const need = needOf(tree, mark, clock.now());
      // What the timer finds and nobody told of: it is watched no more, or never was.
      if (need === 'Now' && !told && mark !== tree.mark) await watchAnew(tree);
      if (need === 'Now') await limit(NEVER, () => look(tree, mark));
      const restMs =
        need === 'Now'
          ? Math.max(AFTER_MS, gapMs(tree))
          : spread(tree.unwatch === undefined ? UNWATCHED_MS : WATCHED_MS);
      rest(tree, restMs);
      return need;
    });
    if (need === 'AtLeisure') pacer.add(tree.id, () => lookAtLeisure(tree), tree.lookedAt === undefined);
  }

  async function lookAtLeisure(tree: WatchedTree): Promise<void> {
    // One that is just being visited has it decided anew.
    if (tree.busy || tree.gone) return;
    await alone(tree, async () => {
      const mark = await markOf(tree);
      if (mark !== undefined) await look(tree, mark);
    });
  }

  /** Finds its work tree, where that is not known; false: it has none now. */
  async function openEye(tree: WatchedTree): Promise<boolean> {
    if (tree.eye !== undefined) return true;
    try {
      tree.eye = await open(tree.directory, tree.top);
    } catch (error) {
      failed(tree, error instanceof Error ? error.message : String(error));
      return false;
    }
    if (tree.eye === undefined) {
      tell(tree, 'None');
      rest(tree, spread(NONE_MS));
      return false;
    }
    await watchAnew(tree);
    return true;
  }

  async function markOf(tree: WatchedTree): Promise<string | undefined> {
    const mark = await tree.eye?.mark();
    if (mark === undefined && tree.eye !== undefined) failed(tree, `${tree.directory} gives no answer`);
    return mark;
  }

  function failed(tree: WatchedTree, message: string): void {
    take(tree, { state: 'Unknown', at: clock.now(), reason: 'GitFailed', message });
  }

  async function watchAnew(tree: WatchedTree): Promise<void> {
    closeWatch(tree);
    const unwatch = await tree.eye?.watch(() => {
      if (!tree.told) hasten(tree);
    });
    // Somebody else may have done the same meanwhile.
    closeWatch(tree);
    tree.unwatch = unwatch;
    if (tree.gone || closed) closeEye(tree);
  }

  async function look(tree: WatchedTree, mark: string): Promise<void> {
    const { eye } = tree;
    if (eye === undefined || tree.gone || closed) return;
    const { base, attempt } = tree;
    const begun = clock.now();
    const found = await eye.look(base);
    const tookMs = Math.max(0, clock.now() - begun);
    onLook(resultOf(found), tookMs);
    // Another attempt began meanwhile: what was counted belongs to the one before.
    if (attempt !== tree.attempt || base !== tree.base) {
      tree.lookedAt = undefined;
      rest(tree, 0);
      return;
    }
    tree.lookedAt = begun;
    tree.costMs = tookMs;
    tree.mark = mark;
    take(tree, found);
  }

  /** One failure may be chance: only where two looks agree it is said. */
  function take(tree: WatchedTree, found: Look<GitFacts>): void {
    if (found.state === 'Unknown') {
      tree.failures += 1;
      tree.lookedAt = clock.now();
      closeEye(tree);
      rest(tree, retryAfterMs(tree.failures));
      if (tree.failures > 1) tell(tree, found);
      return;
    }
    tree.failures = 0;
    const { head, base } = found.value.status;
    if (tree.base === undefined) tree.base = head === undefined ? null : base;
    const before = typeof tree.facts === 'object' && tree.facts.state === 'Known' ? tree.facts.value : undefined;
    tell(tree, found);
    if (before === undefined || before.status.branch === found.value.status.branch) return;
    // The branch stands in another folder now, maybe; what happens until that is watched is looked for.
    tree.told = true;
    watchAnew(tree).catch(onError);
  }

  function tell(tree: WatchedTree, facts: NonNullable<WatchedTree['facts']>): void {
    const before = tree.facts;
    tree.facts = facts;
    // Of what was none before, and is none now, there is nothing to say.
    if (facts === 'None' && before === undefined && !tree.isSaid) return;
    if (!tree.gone && faceOf(before) !== faceOf(facts)) onChange(tree.key);
  }

  function rest(tree: WatchedTree, ms: number): void {
    tree.dueAt = clock.now() + ms;
    const { wantedAt, lookedAt = 0 } = tree;
    if (wantedAt > lookedAt) tree.dueAt = Math.min(tree.dueAt, Math.max(clock.now(), wantedAt));
  }

  /** Something changed: it is due soon, but not at every step of what git does. */
  function hasten(tree: WatchedTree): void {
    tree.told = true;
    tree.dueAt = Math.min(tree.dueAt, Math.max(clock.now() + STEPS_MS, (tree.lookedAt ?? 0) + gapMs(tree)));
    if (!tree.busy) alarm.by(tree.dueAt);
  }

  const spread = (ms: number): number => leisurelyMs(ms, random(), clock.now());
  function movedAt({ uid, agents }: WatchedTree): number[] {
    return readings(uid).flatMap((reading) => (agents.includes(reading.agent) ? [reading.movedAt] : []));
  }

  function drop(tree: WatchedTree): void {
    tree.gone = true;
    closeEye(tree);
  }

  return {
    seen(project) {
      const { key, uid, desired } = project;
      if (desired.type === 'Rejected') return;
      heard = undefined;
      const old = projects.get(uid);
      const kept = new Map<string, WatchedTree>();
      for (const wanted of wantedTrees(project)) {
        const { directory, top } = wanted;
        const known = old?.get(directory);
        const isSame = known !== undefined && known.top === top;
        const tree = isSame ? known : newTree({ ...wanted, id: `${uid} ${directory}`, key, uid }, clock.now());
        follow(tree, wanted, clock.now());
        kept.set(directory, tree);
        if (!tree.busy) alarm.by(tree.dueAt);
      }
      for (const [directory, tree] of old ?? []) if (kept.get(directory) !== tree) drop(tree);
      if (kept.size === 0) projects.delete(uid);
      else projects.set(uid, kept);
    },
    listed(panes) {
      if (heard !== undefined && isSameList(heard, panes)) return;
      const now = clock.now();
      // Told in whole seconds, of which this one is not over.
      heard = panes.every(({ windowActivity }) => windowActivity * 1000 + 999 < now) ? panes : undefined;
      for (const { mark, windowActivity } of panes) {
        if (mark === undefined || windowActivity === 0) continue;
        // Told in whole seconds.
        const at = Math.min(now, windowActivity * 1000 + 999);
        for (const tree of projects.get(mark.uid)?.values() ?? []) {
          if (!tree.agents.includes(mark.agent)) continue;
          worked(tree, at, now);
          if (!tree.busy) alarm.by(tree.dueAt);
        }
      }
    },
    results(uid) {
      const trees = projects.get(uid);
      if (trees === undefined) return undefined;
      const looks = new Map<string, Look<GitFacts>>();
      const notYet = { state: 'Unknown', at: clock.now(), reason: 'NotLooked', message: 'not looked at yet' } as const;
      for (const { facts = notYet, agents } of trees.values()) {
        if (facts !== 'None') for (const agent of agents) looks.set(agent, facts);
      }
      return looks;
    },
    forget(uid) {
      for (const tree of projects.get(uid)?.values() ?? []) drop(tree);
      projects.delete(uid);
    },
    close() {
      closed = true;
      alarm.close();
      pacer.close();
      for (const tree of all()) drop(tree);
    },
  };
}
