import type { Frame } from './app.ts';
import { changesBetween, type Place } from './changes.ts';
import type { Facts } from './facts.ts';
import { drawFrame, pageOf, rowsInView } from './frame.ts';
import type { Key } from './keys.ts';
import type { Effect, Model, Notice } from './model.ts';
import { reduce } from './reduce.ts';
import type { Line, LogView, Size } from './scene.ts';

/** What is on the screen at present, and what changes it: facts, keys, a log, news of what was done. */
export interface LiveView {
  frame(): Frame;
  subscribe(listener: () => void): () => void;
  pressed(keys: readonly Key[]): void;
  know(facts: Facts): void;
  showLog(log: LogView | undefined): void;
  tell(notice: Notice | undefined): void;
  resized(): void;
  /** Where the present frame changes something. */
  places(): readonly Place[];
  /** The screen is blank, and is to be drawn anew. */
  blanked(): void;
  /** The present frame stands on the screen. */
  drawn(): void;
  facts(): Facts;
}

export interface LiveViewOptions {
  readonly facts: Facts;
  readonly model: Model;
  size(): Size;
  /** Milliseconds since the epoch. */
  now(): number;
  perform(effect: Effect): void;
}

/** Draws when something changes, and tells of what differs from what stands on the screen, if anything does. */
export function createLiveView({ size, now, perform, ...first }: LiveViewOptions): LiveView {
  let { facts, model } = first;
  let log: LogView | undefined;
  /** What stands on the screen, and what is to. */
  let shown: readonly Line[] = [];
  let wanted: readonly Line[] = [];
  let generation = 0;
  let frame: Frame = { changes: [], generation };
  const listeners = new Set<() => void>();

  function refresh(): void {
    const at = now();
    const scene = { facts, model, log, rows: rowsInView(facts, model, at), now: at };
    wanted = drawFrame(scene, size());
    const changes = changesBetween(shown, wanted);
    if (changes.length === 0) return;
    frame = { changes, generation };
    for (const listener of listeners) listener();
  }

  refresh();
  return {
    frame: () => frame,
    facts: () => facts,
    places: () => frame.changes,
    blanked() {
      shown = [];
      generation += 1;
      refresh();
    },
    drawn() {
      shown = wanted;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pressed(keys) {
      const effects: Effect[] = [];
      for (const key of keys) {
        const seen = {
          rows: rowsInView(facts, model, now()),
          suspended: new Set(facts.projects.filter(({ phase }) => phase === 'Suspended').map(({ name }) => name)),
          page: pageOf(size(), model),
          logLines: log?.lines.length ?? 0,
        };
        const step = reduce(model, key, seen);
        model = step.model;
        if (step.effect !== undefined) effects.push(step.effect);
      }
      refresh();
      effects.forEach(perform);
    },
    know(next) {
      facts = next;
      refresh();
    },
    showLog(next) {
      const grown = (next?.lines.length ?? 0) - (log?.lines.length ?? 0);
      // Who has scrolled up keeps on seeing the same lines.
      if (model.mode.type === 'Logs' && model.mode.up > 0 && grown > 0) {
        model = { ...model, mode: { ...model.mode, up: model.mode.up + grown } };
      }
      log = next;
      refresh();
    },
    tell(notice) {
      model = { ...model, notice };
      refresh();
    },
    resized: refresh,
  };
}
