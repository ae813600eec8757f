/**
 * The controller as a whole: what hints reach the queue, what looks at everything now and then, and in which order it
 * all starts and stops. It decides nothing about any object and knows no tmux.
 */
import { type Key, kindOf, nameOf } from '../api/key.ts';
import type { SpecKind } from '../api/kinds.ts';
import type { Look } from '../api/observed.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { createComparison, type FootprintPane, isSaidGoneOf } from './full-look.ts';
import { readNotification } from './notifications.ts';
import type { Outcome } from './outcome.ts';
import type { Places } from './places.ts';
import { type Freshness, runPool } from './pool.ts';
import type { Clock, SpecSource, StateStore } from './ports.ts';
import { isNotAdmitted } from './project-records.ts';

/** Takes one key of its kind once round. Rejects only where there is a bug. */
export interface Worker {
  work(key: Key, notBefore: number): Promise<Outcome>;
}

export interface ControllerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly queue: WorkQueue<Key>;
  readonly freshness: Freshness;
  readonly specs: SpecSource;
  readonly state: StateStore;
  /** What is not here is only read by the others: nothing follows from its key alone. */
  readonly workers: Readonly<Partial<Record<SpecKind, Worker>>>;
  readonly places: Places;
  readonly everything: () => Promise<Look<readonly FootprintPane[]>>;
  /** Milliseconds between two walks over every object. */
  readonly resyncMs: number;
  /** Keys that are worked on at the same time. */
  readonly atOnce: number;
  /** Whether we may still act: asked before each key, and on a timer. */
  readonly mayAct: () => Promise<boolean>;
  /** Of these objects the specs were read, for the first time or otherwise than before. */
  readonly onDeclared: (keys: readonly Key[]) => void;
  readonly onOutcome: (key: Key, result: 'success' | 'requeue' | 'error', ms: number) => void;
  readonly onCrash: (key: Key | undefined, error: unknown) => void;
}

export interface Controller {
  /** Loads the specs, queues every object that is wanted or on record, and works until the signal. */
  run(signal: AbortSignal): Promise<void>;
  hint(key: Key): void;
  /** A hint that it was decided about, where nothing has happened to it: what was seen in the last second will do. */
  hintDecided(key: Key, atLeisure?: boolean): void;
  /** A hint that keeps nobody waiting whose agent has just ended. */
  hintAtLeisure(key: Key): void;
  /** A hint for something that concerns many: who waits for its turn to run is looked at within a few seconds. */
  hintAmongMany(key: Key): void;
  notified(server: string, name: string, rest: string): void;
  /** Specs are changing, and are read in a moment: what will be asked then is looked at now, unless that costs much. */
  lookAhead(): void;
  /**
   * A tmux server came up or went away: everything on it is looked at, but of one that is new, where none was before,
   * only what may run there.
   */
  serverChanged(server: string, change: { readonly isNew: boolean }): void;
  /** Whether every object was worked on at least once since the start. */
  isSynced(): boolean;
  /** Milliseconds since the epoch of the last look at everything that succeeded. */
  lastLookAt(): number;
  /** Milliseconds since the epoch of the last try. */
  lastTriedAt(): number;
  /** Whether the last look at everything succeeded. */
  canSee(): boolean;
}

const FULL_LOOK_MS = 4000;
/** Pauses between looks at everything that somebody asked for, as a multiple of what the last one took. */
const BUSY_PAUSE = 4;
const STARTS_SPREAD = 0.2;
const SPREAD_STEPS = 30;
/** A look at everything that takes no longer costs nobody anything, in milliseconds. */
const CHEAP_MS = 5;
/** A look may be so old for those to which nothing has happened. */
const RECENT_MS = 1000;
/** However seldom everything is walked over, what concerns many is told of each within so long. */
const SOON_MS = 6000;

export function createController(options: ControllerOptions): Controller {
  const { clock, queue, freshness, specs, state, places } = options;
  const compare = createComparison((key) => {
    const status = state.object(key)?.status;
    return status !== undefined && isSaidGoneOf(status);
  });
  const unsynced = new Set<Key>();
  let started = false;
  let lastLookAt = 0;
  let lastTriedAt = 0;
  let sees = false;
  let lookingSoon = false;
  /** How long the last look at everything took. */
  let lookedForMs = 0;

  function hintDecided(key: Key, atLeisure = false): void {
    const at = freshness.now() - RECENT_MS;
    if (atLeisure) hintAtLeisure(key, at);
    else hint(key, at);
  }

  function hint(key: Key, at?: number): void {
    freshness.want(key, at);
    queue.add(key);
  }

  function hintAtLeisure(key: Key, at?: number): void {
    freshness.want(key, at);
    queue.addAtLeisure(key);
  }

  /** Of who is not admitted nothing runs, as a rule: a line of a thousand is not to go before those that run. */
  function hintAmongMany(key: Key): void {
    if (isNotAdmitted(state.object(key))) spread(key, SOON_MS);
    else queue.addAtLeisure(key);
    freshness.want(key);
  }

  /** So that a thousand are not looked at at once; a few at a time, since to wake for each costs more than the look. */
  function spread(key: Key, atMostMs = Number.POSITIVE_INFINITY): void {
    const step = Math.floor(options.random() * SPREAD_STEPS) / SPREAD_STEPS;
    queue.addAfter(key, step * Math.min(options.resyncMs * STARTS_SPREAD, atMostMs));
  }

  function allKeys(): Key[] {
    const keys = [...specs.keys(), ...state.keys(), ...state.inventoryKeys()];
    return [...new Set(keys)].filter((key) => options.workers[kindOf(key)] !== undefined);
  }

  async function work(key: Key, notBefore: number): Promise<Outcome> {
    const worker = options.workers[kindOf(key)];
    if (worker === undefined) return { type: 'Settled' };
    if (!(await options.mayAct())) return { type: 'Settling' };
    const outcome = await worker.work(key, notBefore);
    unsynced.delete(key);
    return outcome;
  }

  async function lookAtEverything(): Promise<void> {
    const startedAt = freshness.now();
    const look = await options.everything();
    lastTriedAt = clock.now();
    lookedForMs = freshness.now() - startedAt;
    const saw = sees;
    sees = look.state === 'Known';
    if (sees) lastLookAt = lastTriedAt;
    // Out of sight, or in sight again: every object is to say so.
    if (started && saw !== sees) for (const key of allKeys()) hintAmongMany(key);
    // The look itself is new enough for what it shows.
    const { lacking, others } = compare(look);
    for (const key of lacking) hint(key, startedAt - 1);
    for (const key of others) hintAtLeisure(key, startedAt - 1);
  }

  function crashed(key: Key, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    state.recordEvent(
      { kind: kindOf(key), name: nameOf(key) },
      { type: 'Warning', reason: 'ReconcileFailed', message },
    );
    options.onCrash(key, error);
  }

  /** Does something that nobody waits for; what fails is told, and never stops the rest. */
  function attempt(action: () => Promise<void> | void, then: () => void = () => undefined): void {
    Promise.resolve()
      .then(action)
      .catch((error: unknown) => {
        options.onCrash(undefined, error);
      })
      .finally(then)
      .catch((error: unknown) => {
        options.onCrash(undefined, error);
      });
  }

  /** Repeats until the signal, each time with a little chance in the pause; what fails is told, and repeated as well. */
  function repeat(everyMs: number, action: () => Promise<void> | void, signal: AbortSignal): void {
    const pause = everyMs * (1 + STARTS_SPREAD * (options.random() - 0.5));
    const cancel = clock.after(pause, () => {
      signal.removeEventListener('abort', cancel);
      attempt(action, () => {
        if (!signal.aborted) repeat(everyMs, action, signal);
      });
    });
    signal.addEventListener('abort', cancel, { once: true });
  }

  /** The timer that makes a lost hint cost latency and nothing more. Looks may be a few seconds old here. */
  async function resync(): Promise<void> {
    if (!(await options.mayAct())) return;
    await specs.reload();
    state.heal(true);
    for (const key of allKeys()) spread(key);
  }

  return {
    hint,
    hintDecided,
    hintAtLeisure,
    hintAmongMany,
    isSynced: () => started && unsynced.size === 0,
    lastLookAt: () => lastLookAt,
    lastTriedAt: () => lastTriedAt,
    canSee: () => sees,
    notified(server, name, rest) {
      const read = readNotification(name, rest);
      if (read === undefined) return;
      const key = read.type === 'Thing' ? places.find(server, read.id) : undefined;
      if (key !== undefined) hint(key);
      if (read.type === 'Thing' || lookingSoon) return;
      lookingSoon = true;
      // While a server has much to do, to be shown all of it again and again would keep it from that.
      clock.after(Math.min(FULL_LOOK_MS, Math.max(FULL_LOOK_MS / 10, BUSY_PAUSE * lookedForMs)), () => {
        lookingSoon = false;
        attempt(lookAtEverything);
      });
    },
    lookAhead() {
      if (started && lookedForMs <= CHEAP_MS) attempt(lookAtEverything);
    },
    serverChanged(server, { isNew }) {
      for (const key of allKeys()) {
        if (state.inventory(key)?.server !== server) continue;
        if (!isNotAdmitted(state.object(key))) hint(key);
        // Who has nothing there had nothing there before it began either.
        else if (!isNew) hintAmongMany(key);
      }
    },
    async run(signal) {
      await specs.start(signal, (keys) => {
        state.putProblems(specs.problems());
        options.onDeclared(keys);
        for (const key of keys) hintDecided(key, true);
      });
      if (!(await options.mayAct())) return;
      state.putProblems(specs.problems());
      await lookAtEverything();
      // Ended while it began: nothing is to be set up that only this signal takes down.
      if (signal.aborted) return;
      for (const key of allKeys()) {
        unsynced.add(key);
        queue.addAtLeisure(key);
      }
      started = true;
      const tick = async (): Promise<void> => {
        if (!(await options.mayAct())) return;
        state.heal();
        await lookAtEverything();
      };
      repeat(FULL_LOOK_MS, tick, signal);
      repeat(options.resyncMs, resync, signal);
      signal.addEventListener('abort', () => {
        queue.shutDown();
      });
      await runPool({ ...options, work, now: clock.now, onCrash: crashed });
    },
  };
}
