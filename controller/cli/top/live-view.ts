import type { Frame } from './app.ts';
import type { Facts } from './facts.ts';
import { drawFrame, type Line, type LogView, pageOf, rowsInView, type Size } from './frame.ts';
import type { Key } from './keys.ts';
import type { Effect, Model, Notice } from './model.ts';
import { reduce } from './reduce.ts';

/** What is on the screen at present, and what changes it: facts, keys, a log, news of what was done. */
export interface LiveView {
  frame(): Frame;
  subscribe(listener: () => void): () => void;
  pressed(keys: readonly Key[]): void;
  know(facts: Facts): void;
  showLog(log: LogView | undefined): void;
  tell(notice: Notice | undefined): void;
  resized(): void;
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

/** Draws when something changes, and tells only of frames that differ from the one before. */
export function createLiveView({ size, now, perform, ...first }: LiveViewOptions): LiveView {
  let { facts, model } = first;
  let log: LogView | undefined;
  let frame: Frame = draw();
  const listeners = new Set<() => void>();

  function draw(): Frame {
    const { columns, rows } = size();
    const at = now();
    const scene = { facts, model, log, rows: rowsInView(facts, model, at), now: at };
    return { columns, rows, lines: drawFrame(scene, { columns, rows }) };
  }

  function refresh(): void {
    const next = draw();
    const lines = next.lines.map((line, index) => sameLine(line, frame.lines[index]) ?? line);
    const isSame =
      next.columns === frame.columns &&
      next.rows === frame.rows &&
      lines.every((line, index) => line === frame.lines[index]);
    if (isSame && lines.length === frame.lines.length) return;
    frame = { ...next, lines };
    for (const listener of listeners) listener();
  }

  return {
    frame: () => frame,
    facts: () => facts,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pressed(keys) {
      const effects: Effect[] = [];
      for (const key of keys) {
        const seen = {
          rows: rowsInView(facts, model, now()),
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

function sameLine(line: Line, before: Line | undefined): Line | undefined {
  if (before === undefined || before.length !== line.length) return undefined;
  const isSame = line.every((span, index) => {
    const other = before[index];
    return (
      other !== undefined &&
      span.text === other.text &&
      span.colour === other.colour &&
      span.bold === other.bold &&
      span.inverse === other.inverse
    );
  });
  return isSame ? before : undefined;
}
