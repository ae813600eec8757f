/**
 * Sees to it that what agents print outlives their terminals: when to look at which pane, and what of it to save. It
 * looks at what has printed something since the last time, and once more at what is about to be removed.
 */
import { agentUid } from '../../api/metadata.ts';
import { type PaneMark, type PaneOutput, SAVED_ROWS } from '../../api/observed.ts';
import { isSameList } from '../../api/same-list.ts';
import type { Clock } from '../ports.ts';
import { type AgentOutput, endRun, type OutputLine, recallOutput, type Taken, takeCapture } from './agent-output.ts';

export interface PanePlace {
  readonly server: string;
  readonly id: string;
}

/** A pane as a look at everything lists it. */
export interface PrintingPane extends PanePlace {
  readonly dead: boolean;
  /** Seconds since the epoch of the last output in its window. */
  readonly windowActivity: number;
  readonly mark?: PaneMark;
}

export interface OutputKeeperOptions {
  readonly clock: Clock;
  /** Asks for a pane's text and so many rows above its screen. The question must be on its way when this returns. */
  readonly capture: (pane: PanePlace, rows: number) => Promise<PaneOutput | undefined>;
  /** Takes the secret values of an agent out of what it printed. */
  readonly redact: (mark: PaneMark, lines: readonly string[]) => Promise<readonly string[]>;
  readonly log: {
    append(agentUid: string, lines: readonly OutputLine[]): boolean;
    read(agentUid: string): readonly OutputLine[];
  };
  readonly onError: (error: unknown) => void;
}

export interface OutputKeeper {
  /** Told of every look at everything that succeeded. */
  seen(panes: readonly PrintingPane[]): void;
  /**
   * Saves all that stands in a pane, since its next command takes it away. Does not wait: tmux keeps the order.
   *
   * @param seen what stood in it when its run had ended already, to be saved then: tmux is not asked again
   */
  lastLook(pane: PanePlace, seen?: Promise<PaneOutput>): void;
  /** Nothing more is saved of these: their files are being removed. */
  forget(agentUids: readonly string[]): void;
  close(): void;
}

/** Between two looks at whatever panes, in milliseconds: at most 20 a second. */
const PAUSE_MS = 50;
/** Between two looks at one pane, in milliseconds. */
const AGAIN_MS = 5000;

export function createOutputKeeper(options: OutputKeeperOptions): OutputKeeper {
  const { clock, log } = options;
  const outputs = new Map<string, AgentOutput>();
  /** Per pane: when it was last looked at, and whether that look was the run's last. */
  const looks = new Map<string, { readonly run: string; readonly at: number; readonly over: boolean }>();
  const waiting = new Map<string, { readonly pane: PanePlace; readonly dueAt: number }>();
  /** What tmux answers is taken in its order. */
  const queues = new Map<string, Promise<void>>();
  const removed = new Set<string>();
  /** The panes of the last look that left nothing to do, for as long as nothing else has happened. */
  let settled: readonly PrintingPane[] | undefined;
  let cancel: (() => void) | undefined;
  let closed = false;

  function dueAt({ server, id, dead, windowActivity, mark }: PrintingPane): number | undefined {
    if (mark === undefined) return undefined;
    const last = looks.get(`${server} ${id}`);
    if (last === undefined || last.run !== mark.run) return 0;
    if (dead) return last.over ? undefined : 0;
    // Activity is told in whole seconds: what came after the look, but in its second, would go unnoticed.
    return last.at < (windowActivity + 1) * 1000 ? last.at + AGAIN_MS : undefined;
  }

  function look(pane: PanePlace, last: boolean, known?: Promise<PaneOutput>): void {
    const at = clock.now();
    const captured = known ?? options.capture(pane, SAVED_ROWS);
    const before = queues.get(pane.server) ?? Promise.resolve();
    const done = before
      .then(async () => {
        const seen = await captured;
        if (seen === undefined) return;
        const over = last || seen.dead;
        if (await take(seen, at, over)) looks.set(`${pane.server} ${pane.id}`, { run: seen.mark.run, at, over });
      })
      .catch(options.onError)
      .finally(unsettle);
    unsettle();
    queues.set(pane.server, done);
  }

  async function take(seen: PaneOutput, at: number, over: boolean): Promise<boolean> {
    const { uid, agent, run } = seen.mark;
    const own = agentUid(uid, agent);
    const [settled, screen] = await Promise.all([
      options.redact(seen.mark, seen.settled),
      options.redact(seen.mark, seen.screen),
    ]);
    const known = recall(own, run);
    return (
      known !== undefined && keep(own, takeCapture(known, { ...seen, settled, screen }, { at, rows: SAVED_ROWS, over }))
    );
  }

  /** What is known of the agent's present run; undefined if what its last one printed could not be saved. */
  function recall(own: string, run: string): AgentOutput | undefined {
    const known = outputs.get(own);
    if (known === undefined) return recallOutput(run, log.read(own));
    if (known.run === run) return known;
    const ended = endRun(known);
    if (!keep(own, ended)) return undefined;
    return { ...recallOutput(run, []), next: ended.output.next };
  }

  function keep(own: string, { output, lines }: Taken): boolean {
    if (removed.has(own)) return true;
    if (lines.length > 0 && !log.append(own, lines)) return false;
    outputs.set(own, output);
    return true;
  }

  function unsettle(): void {
    settled = undefined;
  }

  function pump(): void {
    if (cancel !== undefined || closed || waiting.size === 0) return;
    const now = clock.now();
    cancel = clock.after(Math.max(PAUSE_MS, earliest(waiting.values()) - now), () => {
      cancel = undefined;
      const due = firstDue(clock.now());
      if (due !== undefined) {
        waiting.delete(due.key);
        look(due.pane, false);
      }
      pump();
    });
  }

  function firstDue(at: number): { readonly key: string; readonly pane: PanePlace } | undefined {
    for (const [key, { pane, dueAt }] of waiting) if (dueAt <= at) return { key, pane };
    return undefined;
  }

  return {
    seen(panes) {
      if (settled !== undefined && isSameList(settled, panes)) return;
      const present = new Set<string>();
      const places = new Set<string>();
      for (const pane of panes) {
        const key = `${pane.server} ${pane.id}`;
        places.add(key);
        if (pane.mark !== undefined) present.add(agentUid(pane.mark.uid, pane.mark.agent));
        const due = dueAt(pane);
        if (due === undefined) continue;
        waiting.set(key, { pane: { server: pane.server, id: pane.id }, dueAt: due });
      }
      for (const key of [...looks.keys(), ...waiting.keys()]) {
        if (places.has(key)) continue;
        looks.delete(key);
        waiting.delete(key);
      }
      for (const [own, output] of outputs) {
        if (!present.has(own) && keep(own, endRun(output))) outputs.delete(own);
      }
      const isDone = waiting.size === 0 && [...outputs.keys()].every((own) => present.has(own));
      settled = isDone ? panes : undefined;
      pump();
    },
    lastLook(pane, seen) {
      waiting.delete(`${pane.server} ${pane.id}`);
      look(pane, true, seen);
    },
    forget(agentUids) {
      for (const own of agentUids) {
        removed.add(own);
        outputs.delete(own);
      }
    },
    close() {
      closed = true;
      cancel?.();
    },
  };
}

/** Asked twenty times a second, of hundreds: so without a list of its own. */
function earliest(waits: Iterable<{ readonly dueAt: number }>): number {
  let first = Infinity;
  for (const { dueAt } of waits) first = Math.min(first, dueAt);
  return first;
}
