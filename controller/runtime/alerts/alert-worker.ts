import type { Alert, AlertStatus } from '../../api/generated/all.ts';
import { type Key, nameOf } from '../../api/key.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { hashOf, type StoredObject } from '../../api/metadata.ts';
import type { Outcome } from '../outcome.ts';
import type { StateStore } from '../ports.ts';
import type { AlertMind } from './ports.ts';
import type { Teller } from './teller.ts';

export type StoredAlert = StoredObject<AlertStatus>;

export interface AlertWorkerOptions {
  readonly alert: (name: string) => Alert | undefined;
  readonly read: (key: Key) => StoredAlert | undefined;
  readonly write: (key: Key, object: StoredAlert) => void;
  readonly remove: (key: Key) => void;
  readonly event: StateStore['recordEvent'];
  readonly tellers: {
    of(name: string): Teller | undefined;
    begin(alert: Alert, uid: string): Teller;
    forget(name: string): void;
  };
  readonly status: AlertMind['status'];
  readonly newUid: () => string;
  readonly now: () => number;
}

/** An Alert whose file is being written anew is not there for a moment, in milliseconds. */
const GONE_MS = 1000;

/** Takes one Alert once round: who is to be told, and how that stands. Never waits for a receiver. */
export function createAlertWorker(options: AlertWorkerOptions): { work(key: Key): Promise<Outcome> } {
  const { tellers, now } = options;
  const goneSince = new Map<Key, number>();
  /** The specs that the tellers go by. */
  const specs = new Map<string, string>();

  async function work(key: Key): Promise<Outcome> {
    const name = nameOf(key);
    const alert = options.alert(name);
    if (alert === undefined) return gone(key, name);
    goneSince.delete(key);
    const { spec } = alert;
    const stored = options.read(key);
    const specHash = hashOf(spec);
    const metadata = metadataOf(alert, stored, specHash);
    const teller = tellers.of(name) ?? tellers.begin(alert, metadata.uid);
    if (specs.get(name) !== specHash) teller.update(alert);
    specs.set(name, specHash);
    const status = options.status({
      spec,
      generation: metadata.generation,
      record: teller.record(),
      previous: stored?.status,
      now: now(),
    });
    options.write(key, { apiVersion: API_VERSION, kind: 'Alert', metadata, specHash, status });
    return { type: 'Settled' };
  }

  function gone(key: Key, name: string): Outcome {
    const since = goneSince.get(key) ?? now();
    goneSince.set(key, since);
    if (Math.abs(now() - since) < GONE_MS) return { type: 'LookAgain', inMs: GONE_MS };
    goneSince.delete(key);
    specs.delete(name);
    tellers.forget(name);
    const stored = options.read(key);
    if (stored === undefined) return { type: 'Settled' };
    options.event(
      { kind: 'Alert', name, uid: stored.metadata.uid },
      { type: 'Normal', reason: 'Deleted', message: 'nobody is told anything by it any more' },
    );
    options.remove(key);
    return { type: 'Settled' };
  }

  function metadataOf({ metadata: written }: Alert, stored: StoredAlert | undefined, specHash: string) {
    const { name, labels } = written;
    const creationTimestamp = new Date(now()).toISOString();
    const fresh = { name, uid: options.newUid(), generation: 1, creationTimestamp, finalizers: [] };
    const { generation, labels: _, ...before } = stored?.metadata ?? { ...fresh, labels };
    const isChanged = stored !== undefined && stored.specHash !== specHash;
    return { ...before, generation: isChanged ? generation + 1 : generation, ...(labels !== undefined && { labels }) };
  }

  return { work };
}
