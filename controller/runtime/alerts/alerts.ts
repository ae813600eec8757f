/**
 * Alerts as the controller runs them: every event that is recorded comes by here, and each Alert has a teller of its own
 * that sees to its receivers. What is slow, dead or refused out there holds up nothing in here.
 */
import type { Alert, Event } from '../../api/generated/all.ts';
import { type Key, keyOf } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Notifier } from '../../api/notification.ts';
import type { Worker } from '../controller.ts';
import type { Clock, SpecSource, StateStore } from '../ports.ts';
import { createLimit } from '../probes/limit.ts';
import { createAlertWorker, type StoredAlert } from './alert-worker.ts';
import type { AlertHooks, AlertMind, AlertRecords, LabelsOf } from './ports.ts';
import { createTeller, type Teller } from './teller.ts';

export interface AlertsOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly specs: Pick<SpecSource, 'alert' | 'folderOf'>;
  readonly state: Pick<StateStore, 'object' | 'putObject' | 'removeObject' | 'recordEvent'>;
  readonly records: AlertRecords;
  /** Events on record, the latest last. */
  readonly events: () => readonly Event[];
  readonly mind: AlertMind;
  readonly notifier: Notifier;
  readonly labelsOf: LabelsOf;
  readonly mayAct: () => Promise<boolean>;
  /** Whether every object was looked at since the start. */
  readonly isSynced: () => boolean;
  readonly newUid: () => string;
  readonly hint: (key: Key) => void;
  readonly hooks: AlertHooks;
  readonly onError: (error: unknown) => void;
}

export interface Alerts {
  readonly worker: Worker;
  /** Takes an event that was just recorded. Never throws, and never waits. */
  hear(event: Event): void;
  /** Tells at once what waits for company, each once, for so long at most. */
  flush(ms: number): Promise<void>;
  /** Lets what is under way come to its end, for so long at most. */
  close(ms: number): Promise<void>;
}

/** Tries at the same time, of all Alerts: enough that those who never answer keep nobody else waiting for a turn. */
const AT_ONCE = 64;
/** The status is not written for each event. Milliseconds. */
const STATUS_MS = 500;
/** Whether the first look is over is looked at so often, in milliseconds. */
const SYNC_MS = 500;

export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, specs, state, records, mind, hooks } = options;
  const limited = createLimit(AT_ONCE);
  const tellers = new Map<string, Teller>();
  /**
   * Those that remember nothing, and how to stop waiting for the end of the first look, which is no news to them. Until
   * then nothing of them is on disk: the next controller would take what this one finds for news.
   */
  const fresh = new Map<string, () => void>();
  const changed = new Map<string, () => void>();
  const worker = createAlertWorker({
    alert: specs.alert,
    read: (key) => state.object(key) as unknown as StoredAlert | undefined,
    write: (key, object) => {
      state.putObject(key, object as unknown as StoredObject);
    },
    remove: state.removeObject,
    event: state.recordEvent,
    tellers: { of: (name) => tellers.get(name), begin, forget },
    status: mind.status,
    newUid: options.newUid,
    now: clock.now,
  });

  function begin(alert: Alert, uid: string): Teller {
    const { name } = alert.metadata;
    const { spec } = alert;
    const stored = records.read(name);
    const record = mind.begin(stored, { uid, spec, now: clock.now() });
    const teller = createTeller(alert, record, {
      clock,
      random: options.random,
      mind,
      notifier: options.notifier,
      limited,
      write: (written) => {
        if (!fresh.has(name)) records.write(name, written);
      },
      labelsOf: options.labelsOf,
      folder: () => specs.folderOf(keyOf('Alert', name)) ?? '/',
      mayAct: options.mayAct,
      onNote: (note) => {
        state.recordEvent({ kind: 'Alert', name, uid }, note);
      },
      onChange: () => {
        changeSoon(name);
      },
      onError: options.onError,
      hooks,
    });
    tellers.set(name, teller);
    const remembers = stored?.uid === uid;
    if (!remembers) {
      if (options.isSynced()) records.write(name, record);
      else lookForEnd(name);
    }
    for (const event of mind.missed(record, options.events(), clock.now())) teller.hear(event, remembers);
    measure(name, teller);
    return teller;
  }

  /** From the end of the first look on it remembers, although nothing may happen for days. */
  function lookForEnd(name: string): void {
    const cancel = clock.after(SYNC_MS, () => {
      if (options.isSynced()) remember(name);
      else lookForEnd(name);
    });
    fresh.set(name, cancel);
  }

  function remember(name: string): void {
    fresh.get(name)?.();
    const teller = tellers.get(name);
    if (fresh.delete(name) && teller !== undefined) records.write(name, teller.record());
  }

  function forget(name: string): void {
    const teller = tellers.get(name);
    tellers.delete(name);
    fresh.get(name)?.();
    fresh.delete(name);
    changed.get(name)?.();
    changed.delete(name);
    teller?.drop();
    for (const receiver of Object.keys(teller?.record().receivers ?? {})) hooks.onForgotten(name, receiver);
    records.remove(name);
  }

  function changeSoon(name: string): void {
    const teller = tellers.get(name);
    if (teller !== undefined) measure(name, teller);
    if (changed.has(name)) return;
    const cancel = clock.after(STATUS_MS, () => {
      changed.delete(name);
      options.hint(keyOf('Alert', name));
    });
    changed.set(name, cancel);
  }

  function measure(name: string, teller: Teller): void {
    for (const { name: receiver, waiting } of statusOf(name, teller)) hooks.onReceiver(name, receiver, waiting);
  }

  function statusOf(name: string, teller: Teller) {
    const alert = specs.alert(name);
    if (alert === undefined) return [];
    const { spec } = alert;
    const input = { spec, generation: 0, record: teller.record(), previous: undefined, now: clock.now() };
    return mind.status(input).receivers;
  }

  return {
    worker,
    hear(event) {
      for (const [name, teller] of tellers) {
        const isNews = !fresh.has(name) || options.isSynced();
        try {
          if (isNews) remember(name);
          teller.hear(event, isNews);
        } catch (error) {
          options.onError(error);
        }
      }
    },
    async flush(ms) {
      await within(ms, Promise.all([...tellers.values()].map((teller) => teller.flush())));
    },
    async close(ms) {
      // Who took the lock from us writes its own, and tells what is left.
      const isOurs = await options.mayAct();
      for (const teller of tellers.values()) {
        if (isOurs) teller.stop();
        else teller.drop();
      }
      for (const cancel of [...changed.values(), ...fresh.values()]) cancel();
      await within(ms, Promise.all([...tellers.values()].map((teller) => teller.idle())));
      for (const teller of tellers.values()) teller.abort();
      if (!isOurs || !(await options.mayAct())) return;
      for (const name of tellers.keys()) await worker.work(keyOf('Alert', name));
    },
  };

  function within(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      work.catch(options.onError).finally(() => {
        cancel();
        resolve();
      });
    });
  }
}
