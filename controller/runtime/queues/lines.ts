import type { Waiting } from '../../api/queueing.ts';
import type { Clock } from '../ports.ts';

/** Places in the line that are told as soon as they change; others are told when their project is looked at anyway. */
const TOLD_AT_ONCE = 10;
/** Milliseconds between two times that places are told: a line that moves fast is not written for each step. */
const TELL_EVERY_MS = 1000;

export interface Place {
  /** From 1. */
  readonly place: number;
  readonly of: number;
  readonly waiting: Waiting;
}

/** The lines as they were last decided on. */
export interface Lines {
  set(queue: string, line: readonly Waiting[]): void;
  forget(queue: string): void;
  placeOf(queue: string, project: string): Place | undefined;
  length(queue: string): number;
  close(): void;
}

interface Line {
  readonly waiting: readonly Waiting[];
  /** Made when it is first asked for: most decisions are followed by the next one. */
  places: ReadonlyMap<string, number> | undefined;
}

/** @param tell is to look at the project, which then says its new place */
export function createLines(clock: Clock, tell: (project: string) => void): Lines {
  const lines = new Map<string, Line>();
  /** By queue, what the first in the line were last told. */
  const told = new Map<string, ReadonlyMap<string, string>>();
  let cancel: (() => void) | undefined;

  function tellFirst(queue: string): void {
    const { waiting = [] } = lines.get(queue) ?? {};
    const before = told.get(queue);
    const first = waiting.slice(0, TOLD_AT_ONCE);
    const now = new Map(
      first.map(({ project, reason, message }, index) => [project, `${index} ${waiting.length} ${reason} ${message}`]),
    );
    told.set(queue, now);
    for (const [project, text] of now) if (before?.get(project) !== text) tell(project);
  }

  function tellSoon(): void {
    cancel ??= clock.after(TELL_EVERY_MS, () => {
      cancel = undefined;
      for (const queue of lines.keys()) tellFirst(queue);
    });
  }

  return {
    set(queue, waiting) {
      lines.set(queue, { waiting, places: undefined });
      // The first time at once, and then with a pause, however often it changes.
      if (cancel === undefined) tellFirst(queue);
      tellSoon();
    },
    forget(queue) {
      lines.delete(queue);
      told.delete(queue);
    },
    placeOf(queue, project) {
      const line = lines.get(queue);
      if (line === undefined) return undefined;
      line.places ??= new Map(line.waiting.map((one, index) => [one.project, index]));
      const index = line.places.get(project);
      const waiting = index === undefined ? undefined : line.waiting[index];
      if (index === undefined || waiting === undefined) return undefined;
      return { place: index + 1, of: line.waiting.length, waiting };
    },
    length: (queue) => lines.get(queue)?.waiting.length ?? 0,
    close: () => cancel?.(),
  };
}
