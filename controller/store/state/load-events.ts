import type { Event } from '../../api/generated/event.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { may, name, need, oneOf, or, ordinal, record, text, time } from './check.ts';
import { loadLines } from './load-file.ts';
import type { OnStateProblem } from './state-problem.ts';

/** Twice the size at which the file is rewritten. */
const MAX_BYTES = 2 * 1024 * 1024;

const reference = record<Event['involvedObject']>({ kind: need(name), name: need(name), uid: may(text) });

const check = record<Event>({
  apiVersion: need(oneOf({ [API_VERSION]: true })),
  kind: need(oneOf({ Event: true })),
  metadata: need(record<Event['metadata']>({ name: need(name) })),
  type: need(oneOf<Event['type']>({ Normal: true, Warning: true })),
  reason: need(text),
  message: need(text),
  count: or(ordinal, 1),
  firstTimestamp: need(time),
  lastTimestamp: need(time),
  involvedObject: need(reference),
  related: may(reference),
});

/** The events of a file, each in its last version, the latest last. Lines of no use are left out and told. */
export function loadEvents(path: string, onProblem: OnStateProblem): readonly Event[] {
  const { values, malformed } = loadLines(path, MAX_BYTES);
  const events = new Map<string, Event>();
  let count = malformed;
  for (const value of values) {
    const event = check(value, { path: '', dropped: () => {} }) as Event | undefined;
    if (event === undefined) {
      count++;
      continue;
    }
    events.delete(event.metadata.name);
    events.set(event.metadata.name, event);
  }
  if (count > 0) onProblem({ type: 'LinesDropped', path, count });
  return [...events.values()];
}
