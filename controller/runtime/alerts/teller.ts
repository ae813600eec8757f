/**
 * Tells the receivers of one Alert. Each has a pace of its own, and nothing here is waited for by anybody: an event is
 * taken in memory, written soon, and all else happens beside the loop.
 */
import type { AlertNote, AlertRecord, Sending } from '../../api/alerting.ts';
import type { Alert, AlertReceiver, AlertSpec, Event } from '../../api/generated/all.ts';
import type { Delivery, Notifier } from '../../api/notification.ts';
import type { Clock } from '../ports.ts';
import type { AlertHooks, AlertMind, LabelsOf } from './ports.ts';

export interface TellerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly mind: AlertMind;
  readonly notifier: Notifier;
  /** Lets as many tries run at once as the machine bears. */
  readonly limited: <T>(signal: AbortSignal, task: () => Promise<T>) => Promise<T | undefined>;
  readonly write: (record: AlertRecord) => void;
  readonly labelsOf: LabelsOf;
  /** Where the relative paths of the spec start from. */
  readonly folder: () => string;
  readonly mayAct: () => Promise<boolean>;
  readonly onNote: (note: AlertNote) => void;
  /** Something that the status says is different now. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
  readonly hooks: AlertHooks;
}

export interface Teller {
  record(): AlertRecord;
  /** @param isNews otherwise it is known from now on, and nobody is told; default: true */
  hear(event: Event, isNews?: boolean): void;
  /** Goes on with the spec as it stands now. */
  update(alert: Alert): void;
  /** Tells at once what waits for company; settles when everything was tried since. */
  flush(): Promise<void>;
  /** Begins nothing more, and writes what is not written yet. */
  stop(): void;
  /** Settles when no try is under way. */
  idle(): Promise<void>;
  /** Breaks off what is under way. */
  abort(): void;
  /** The Alert is gone: breaks off, and neither writes nor says anything more. */
  drop(): void;
}

/** What is to be told is on disk after so long; it stands among the events before that. Milliseconds. */
const WRITE_MS = 200;
/** That there was nothing to tell of an event is on disk after so long, in milliseconds. */
const WRITE_AT_LEISURE_MS = 5_000;
/** A clock that is set is noticed after so long, in milliseconds. */
const LONGEST_WAIT_MS = 10 * 60_000;

export function createTeller(first: Alert, stored: AlertRecord, options: TellerOptions): Teller {
  const { clock, mind, hooks } = options;
  const aborting = new AbortController();
  const { name } = first.metadata;
  const tries = new Map<string, Promise<void>>();
  let spec: AlertSpec = first.spec;
  let record = stored;
  let hurry = false;
  let stopped = false;
  let dropped = false;
  let cancelWake: (() => void) | undefined;
  let writing: { readonly at: number; readonly cancel: () => void } | undefined;

  function writeNow(): void {
    writing?.cancel();
    writing = undefined;
    options.write(record);
  }

  function writeIn(ms: number): void {
    const at = clock.now() + ms;
    if (writing !== undefined && writing.at <= at) return;
    writing?.cancel();
    writing = { at, cancel: clock.after(ms, writeNow) };
  }

  function hear(event: Event, isNews = true): void {
    const before = record.receivers;
    record = mind.hear(record, event, { alert: name, spec, labelsOf: options.labelsOf, isNews });
    if (record.receivers === before) return writeIn(WRITE_AT_LEISURE_MS);
    writeIn(WRITE_MS);
    goOn();
    options.onChange();
  }

  /** Sees to each receiver that nothing is under way for, and to when that is to be done again. */
  function goOn(): void {
    cancelWake?.();
    cancelWake = undefined;
    if (stopped) return;
    const waits = spec.receivers.filter(({ name: receiver }) => !tries.has(receiver)).map(step);
    const next = Math.min(LONGEST_WAIT_MS, ...waits.filter((wait) => wait !== undefined));
    if (waits.some((wait) => wait !== undefined)) cancelWake = clock.after(next, goOn);
  }

  /** Milliseconds until there is something to do for the receiver; undefined if that is not known, or is done now. */
  function step(receiver: AlertReceiver): number | undefined {
    const sender = { alert: name, uid: record.uid, receiver: receiver.name };
    const next = mind.next(record, { spec, sender, now: clock.now(), hurry });
    switch (next.type) {
      case 'Nothing':
        return undefined;
      case 'Later':
        return Math.max(1, next.at - clock.now());
      case 'Try':
        record = next.record;
        // What is sent is on record before: who is killed now sends the same again, under the same id.
        writeNow();
        begin(receiver, next.sending);
        return undefined;
    }
  }

  function begin(receiver: AlertReceiver, sending: Sending): void {
    const trying = attempt(receiver, sending)
      .catch(options.onError)
      .finally(() => {
        tries.delete(receiver.name);
        goOn();
      });
    tries.set(receiver.name, trying);
  }

  async function attempt(receiver: AlertReceiver, { notification }: Sending): Promise<void> {
    const to = { receiver, folder: options.folder() };
    const delivery = await options.limited(aborting.signal, async (): Promise<Delivery | undefined> => {
      if (!(await options.mayAct())) return undefined;
      return options.notifier.deliver(to, notification, aborting.signal).catch((error: unknown): Delivery => {
        options.onError(error);
        return { type: 'Failed', message: 'the try failed within muxlet itself; see its log', permanent: false };
      });
    });
    if (delivery === undefined) {
      // Another controller has taken over, and tells it.
      stopped = true;
      return;
    }
    if (dropped) return;
    const when = { now: clock.now(), chance: options.random() };
    const { record: after, dropped: lost, notes } = mind.after(record, { receiver: receiver.name, delivery }, when);
    record = after;
    writeNow();
    hooks.onTry(name, receiver.name, delivery.type === 'Delivered' ? 'delivered' : 'failed');
    if (lost > 0) hooks.onDropped(name, receiver.name, lost);
    for (const note of notes) options.onNote(note);
    options.onChange();
  }

  return {
    record: () => record,
    hear,
    update(alert) {
      const before = Object.keys(record.receivers);
      spec = alert.spec;
      record = mind.begin(record, { uid: record.uid, spec, now: clock.now() });
      for (const gone of before) if (!Object.hasOwn(record.receivers, gone)) hooks.onForgotten(name, gone);
      options.onChange();
      goOn();
    },
    async flush() {
      hurry = true;
      goOn();
      while (tries.size > 0) await Promise.all(tries.values());
    },
    stop() {
      stopped = true;
      cancelWake?.();
      writeNow();
    },
    async idle() {
      await Promise.all(tries.values());
    },
    abort() {
      aborting.abort();
    },
    drop() {
      stopped = true;
      dropped = true;
      cancelWake?.();
      writing?.cancel();
      aborting.abort();
    },
  };
}
