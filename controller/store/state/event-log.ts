import type { EventNote } from '../../api/decision.ts';
import type { Event } from '../../api/generated/event.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { hashOf } from '../../api/metadata.ts';
import { createAppendedFile } from './append-lines.ts';
import { writeAtomically } from './atomic-write.ts';
import { loadEvents } from './load-events.ts';
import type { OnStateProblem } from './state-problem.ts';
import type { WriteFailures } from './write-failures.ts';

export interface EventLog {
  record(about: About, note: EventNote): Event;
  /** The latest last. */
  all(): readonly Event[];
  /** Writes what is not written yet, and everything if the file is missing. */
  heal(): void;
}

export interface About {
  readonly kind: string;
  readonly name: string;
  readonly uid?: string;
}

interface Entry {
  readonly event: Event;
  /** Milliseconds since the epoch; the count that stands in the file may lag behind by a second. */
  readonly writtenAt: number;
}

const MAX_EVENTS = 1_000;
export const MAX_BYTES = 1024 * 1024;
/** What a rewrite leaves room for, so that the next one is far off. */
const REWRITTEN_BYTES = MAX_BYTES / 2;
/** As Kubernetes limits the message of an event. */
const MAX_MESSAGE = 1_024;
const THROTTLE_MS = 1_000;

export interface EventLogOptions {
  readonly path: string;
  readonly now: () => number;
  readonly failures: WriteFailures;
  readonly onProblem: OnStateProblem;
}

/** Events, counted instead of repeated; a line per change, of which the last one per event holds. */
export function createEventLog({ path, now, failures, onProblem }: EventLogOptions): EventLog {
  const file = createAppendedFile(path);
  /** The latest event last. */
  const entries = new Map<string, Entry>();
  const unwritten = new Set<string>();
  for (const event of loadEvents(path, onProblem)) entries.set(event.metadata.name, { event, writtenAt: 0 });

  function recordEvent(about: About, note: EventNote): Event {
    const at = now();
    const event = nextEvent(about, note, at);
    const { name } = event.metadata;
    const writtenAt = entries.get(name)?.writtenAt ?? 0;
    keep(name, { event, writtenAt });
    unwritten.add(name);
    if (Math.abs(at - writtenAt) >= THROTTLE_MS) flush();
    return event;
  }

  function nextEvent(about: About, note: EventNote, at: number): Event {
    const message = note.message.slice(0, MAX_MESSAGE);
    const name = `${about.name}.${hashOf({ about, type: note.type, reason: note.reason, message })}`;
    const known = entries.get(name)?.event;
    const timestamp = new Date(at).toISOString();
    return {
      apiVersion: API_VERSION,
      kind: 'Event',
      metadata: { name },
      type: note.type,
      reason: note.reason,
      message,
      count: (known?.count ?? 0) + 1,
      firstTimestamp: known?.firstTimestamp ?? timestamp,
      lastTimestamp: timestamp,
      involvedObject: { ...about },
      ...(note.agent !== undefined && { related: { kind: 'Agent', name: `${about.name}.${note.agent}` } }),
    };
  }

  function keep(name: string, entry: Entry): void {
    entries.delete(name);
    entries.set(name, entry);
    if (entries.size <= MAX_EVENTS) return;
    const [oldest] = entries.keys();
    if (oldest !== undefined) forget(oldest);
  }

  function forget(name: string): void {
    entries.delete(name);
    unwritten.delete(name);
  }

  function flush(): void {
    const names = [...unwritten];
    if (names.length === 0) return;
    const isWritten = failures.attempt(path, () => {
      if (file.append(names.map(lineOf).join(''), MAX_BYTES) !== 'Appended') rewrite();
    });
    if (isWritten) written(names);
  }

  function rewrite(): void {
    let room = REWRITTEN_BYTES;
    const lines: string[] = [];
    for (const name of [...entries.keys()].reverse()) {
      const line = lineOf(name);
      room -= Buffer.byteLength(line);
      if (room < 0) forget(name);
      else lines.push(line);
    }
    file.letGo();
    writeAtomically(path, lines.reverse().join(''));
    written([...entries.keys()]);
  }

  function lineOf(name: string): string {
    return `${JSON.stringify(entries.get(name)?.event)}\n`;
  }

  function written(names: readonly string[]): void {
    const writtenAt = now();
    for (const name of names) {
      const entry = entries.get(name);
      unwritten.delete(name);
      if (entry !== undefined) entries.set(name, { ...entry, writtenAt });
    }
  }

  return {
    record: recordEvent,
    all: () => [...entries.values()].map(({ event }) => event),
    heal() {
      // What was appended to a file that somebody has put another in the place of stands nowhere else.
      if (file.letGoIfReplaced()) failures.attempt(path, rewrite);
      flush();
      // An empty append writes nothing and tells whether the file is there.
      failures.attempt(path, () => {
        if (entries.size > 0 && file.append('', Number.POSITIVE_INFINITY) === 'Missing') rewrite();
      });
    },
  };
}
