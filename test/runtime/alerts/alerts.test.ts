import { beforeEach, describe, expect, test } from 'vitest';
import type { AlertRecord } from '../../../controller/api/alerting.ts';
import type { Alert, AlertSpec, AlertStatus, Event } from '../../../controller/api/generated/all.ts';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import type { Delivery, Notification } from '../../../controller/api/notification.ts';
import { afterTry, beginAlert, hearEvent, nextStep } from '../../../controller/reconcile/alert/decide.ts';
import { missedEvents } from '../../../controller/reconcile/alert/intake.ts';
import { statusOf } from '../../../controller/reconcile/alert/status.ts';
import { type Alerts, createAlerts } from '../../../controller/runtime/alerts/alerts.ts';
import { eventOf, T0 } from '../../reconcile/alert/support.ts';

const KEY = 'alert/night';
const S = 1000;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** A machine: its disk outlives a controller, its clock is turned by hand. */
let now: number;
let timers: Set<Timer>;
let disk: Map<string, AlertRecord>;
let objects: Map<string, unknown>;
let log: Event[];
let spec: AlertSpec | undefined;
let synced: boolean;
let leads: boolean;
/** Tries that wait for their end, by receiver. */
let tries: Map<string, (delivery: Delivery) => void>;
let asked: { readonly receiver: string; readonly notification: Notification; readonly written: boolean }[];
let aborted: string[];
let notes: string[];
let series: Map<string, number>;
let alerts: Alerts;

async function turn(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}

async function pass(ms: number): Promise<void> {
  const until = now + ms;
  for (;;) {
    const next = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
    if (next === undefined) break;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.callback();
    await turn();
  }
  now = until;
  await turn();
}

function start(): Alerts {
  timers = new Set();
  return createAlerts({
    clock: {
      now: () => now,
      after(ms, callback) {
        const timer = { at: now + ms, callback };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    random: () => 0,
    specs: {
      alert: (name): Alert | undefined =>
        spec === undefined ? undefined : { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Alert', metadata: { name }, spec },
      folderOf: () => '/specs',
    },
    state: {
      object: (key) => objects.get(key) as StoredObject | undefined,
      putObject: (key, object) => objects.set(key, object) === objects,
      removeObject: (key) => void objects.delete(key),
      recordEvent: (_about, { reason }) => void notes.push(reason),
    },
    records: {
      read: (name) => disk.get(name),
      write: (name, record) => void disk.set(name, structuredClone(record)),
      remove: (name) => void disk.delete(name),
    },
    events: () => log,
    mind: {
      begin: beginAlert,
      hear: hearEvent,
      missed: missedEvents,
      next: nextStep,
      after: afterTry,
      status: statusOf,
    },
    notifier: {
      deliver: ({ receiver: { name } }, notification, signal) =>
        new Promise((resolve) => {
          const written = disk.get('night')?.receivers[name]?.sending?.notification.id === notification.id;
          asked.push({ receiver: name, notification, written });
          tries.set(name, resolve);
          signal.addEventListener('abort', () => aborted.push(name));
        }),
    },
    labelsOf: () => ({}),
    mayAct: async () => leads,
    isSynced: () => synced,
    newUid: () => 'feedbeef-0000',
    hint: () => undefined,
    hooks: {
      onReceiver: (_alert, receiver, waiting) => void series.set(receiver, waiting),
      onTry: () => undefined,
      onDropped: () => undefined,
      onForgotten: (_alert, receiver) => void series.delete(receiver),
    },
    onError: (error) => {
      throw error;
    },
  });
}

beforeEach(async () => {
  now = T0;
  [disk, objects, tries, series] = [new Map(), new Map(), new Map(), new Map()];
  [log, asked, aborted, notes] = [[], [], [], []];
  [synced, leads] = [true, true];
  spec = {
    receivers: [
      { name: 'a', desktop: {} },
      { name: 'b', desktop: {} },
    ],
  };
  alerts = start();
  await alerts.worker.work(KEY, 0);
});

/** On record first, as the store does it. */
function happens(name = `p${log.length}`): void {
  const event = eventOf({
    metadata: { name: `${name}.${log.length}` },
    involvedObject: { kind: 'Project', name },
    at: now,
  });
  log.push(event);
  alerts.hear(event);
}

async function answer(receiver: string, delivery: Delivery = { type: 'Delivered' }): Promise<void> {
  tries.get(receiver)?.(delivery);
  tries.delete(receiver);
  await turn();
}

async function restart(): Promise<void> {
  alerts = start();
  await alerts.worker.work(KEY, 0);
  await turn();
}

const askedOf = (receiver: string) => asked.filter((one) => one.receiver === receiver);
const status = () => (objects.get(KEY) as StoredObject<AlertStatus>).status;
const DOWN: Delivery = { type: 'Failed', message: 'down', permanent: false };

describe('telling', () => {
  test('what is sent is on disk before it is, and each receiver is told what happened together', async () => {
    happens();
    happens();
    expect(asked).toEqual([]);
    await pass(30 * S);
    expect(asked.map(({ receiver, written, notification }) => [receiver, written, notification.items.length])).toEqual([
      ['a', true, 2],
      ['b', true, 2],
    ]);
  });
  test('a receiver that never answers keeps no other waiting', async () => {
    for (let round = 0; round < 5; round += 1) {
      happens();
      await pass(6 * 60 * S);
      await answer('b');
    }
    expect(askedOf('a')).toHaveLength(1);
    expect(askedOf('b')).toHaveLength(5);
    await answer('a');
    await pass(6 * 60 * S);
    expect(askedOf('a')[1]?.notification.items).toHaveLength(4);
  });
  test('its status and its series say what waits', async () => {
    expect(Object.fromEntries(series)).toEqual({ a: 0, b: 0 });
    happens();
    await pass(30 * S);
    await answer('a');
    await answer('b', DOWN);
    await alerts.worker.work(KEY, 0);
    expect(status().receivers).toMatchObject([
      { name: 'a', waiting: 0, delivered: 1 },
      { name: 'b', waiting: 1, delivered: 0, lastFailure: { message: 'down', tries: 1 } },
    ]);
    expect(Object.fromEntries(series)).toEqual({ a: 0, b: 1 });
  });
  test('a receiver that is refused something is told of by an event of the Alert', async () => {
    happens();
    await pass(30 * S);
    await answer('a', { ...DOWN, permanent: true });
    expect(notes).toEqual(['ReceiverFailed']);
  });
  test('a spec that is mended is tried at once', async () => {
    happens();
    await pass(30 * S);
    for (let round = 0; round < 6; round += 1) {
      await answer('a', DOWN);
      await pass(600 * S);
    }
    await answer('a', DOWN);
    const before = askedOf('a').length;
    spec = { receivers: [{ name: 'a', desktop: {}, timeout: '5s' }] };
    await alerts.worker.work(KEY, 0);
    await turn();
    expect(askedOf('a')).toHaveLength(before + 1);
    expect([...series.keys()]).toEqual(['a']);
  });
  test('an Alert that is gone takes its memory and its series with it, and breaks off', async () => {
    happens();
    await pass(30 * S);
    spec = undefined;
    await alerts.worker.work(KEY, 0);
    await pass(2 * S);
    await alerts.worker.work(KEY, 0);
    await turn();
    expect([disk.size, objects.size, series.size]).toEqual([0, 0, 0]);
    expect(aborted).toEqual(['a', 'b']);
    await answer('a');
    await pass(10 * S);
    expect(disk.size).toBe(0);
    expect(series.size).toBe(0);
  });
});

describe('from one controller to the next', () => {
  test('what was taken and not yet written is found among the events', async () => {
    happens();
    await restart();
    await pass(30 * S);
    expect(askedOf('a')[0]?.notification.items).toHaveLength(1);
  });
  test('what was under way is sent again under the same id, and what was delivered is not', async () => {
    happens();
    await pass(30 * S);
    await answer('a');
    await restart();
    await pass(60 * 60 * S);
    expect(askedOf('a')).toHaveLength(1);
    const id = `feedbeef-b-${T0 / 1000 + 1}`;
    expect(askedOf('b').map(({ notification }) => notification.id)).toEqual([id, id]);
  });
  test('an Alert that remembers nothing tells nothing of what a start finds at its first look', async () => {
    [disk, objects] = [new Map(), new Map()];
    synced = false;
    await restart();
    happens();
    synced = true;
    happens('later');
    await pass(30 * S);
    expect(askedOf('a')[0]?.notification.items.map(({ name }) => name)).toEqual(['later']);
  });
  test('nor does the start after that, although nothing else has happened', async () => {
    [disk, objects] = [new Map(), new Map()];
    synced = false;
    await restart();
    now += S;
    happens();
    await alerts.close(0);
    // Ended before it had looked at everything.
    await restart();
    happens();
    synced = true;
    await pass(10 * S);
    await restart();
    await pass(60 * S);
    expect(asked).toEqual([]);
  });
  test('a receiver whose memory was lost is not told under an id that it knows', async () => {
    happens();
    await pass(30 * S);
    await answer('a');
    disk = new Map();
    await restart();
    await pass(60 * 60 * S);
    happens();
    await pass(60 * 60 * S);
    const ids = askedOf('a').map(({ notification: { id } }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });
  test('one that remembers does', async () => {
    synced = false;
    await restart();
    happens();
    await pass(30 * S);
    expect(askedOf('a')).toHaveLength(1);
  });
  test('who has lost the lock tells nobody any more', async () => {
    happens();
    leads = false;
    await pass(60 * S);
    expect(asked).toEqual([]);
  });
  test('nor does it write over what the other one remembers when it ends', async () => {
    happens();
    await pass(30 * S);
    const others = { ...(disk.get('night') as AlertRecord), takenAt: T0 + 90 * S };
    disk.set('night', others);
    leads = false;
    const closing = alerts.close(S);
    await turn();
    await answer('a');
    await answer('b');
    await pass(S);
    await closing;
    expect(disk.get('night')).toEqual(others);
    expect(aborted).toEqual(['a', 'b']);
  });
  test('at the end what is under way may come to its end, for so long, and nothing new is begun', async () => {
    happens();
    await pass(30 * S);
    const closing = alerts.close(2 * S);
    await answer('a');
    happens();
    await pass(2 * S);
    await closing;
    expect(aborted).toContain('b');
    expect(asked).toHaveLength(2);
    expect(status().receivers).toMatchObject([{ delivered: 1, waiting: 1 }, { delivered: 0 }]);
  });
  test('in a hurry what waits for company is told at once, each once', async () => {
    happens();
    const flushing = alerts.flush(10 * S);
    await turn();
    await answer('a');
    await answer('b', DOWN);
    await flushing;
    expect(asked).toHaveLength(2);
  });
});
