import { type Key, kindOf, nameOf } from '../../api/key.ts';
import { API_VERSION, type SpecKind } from '../../api/kinds.ts';
import { FINALIZER, type OwnedMeta, type StoredObject } from '../../api/metadata.ts';
import { type Check, isRecord, listOf, mapOf, may, name, need, or, ordinal, record, text, time } from './check.ts';
import { agentClassStatus } from './check-class-status.ts';
import { EMPTY_STATUS, projectStatus } from './check-project-status.ts';
import { queueStatus } from './check-queue-status.ts';

export type Checked<T> =
  | { readonly type: 'Usable'; readonly value: T; readonly dropped: readonly string[] }
  | { readonly type: 'Unusable'; readonly why: string };

/**
 * Checks what a status file holds. Only the object's identity is indispensable; anything else that is malformed is
 * left out or takes the value that makes the controller look again:
 * - a lost specHash equals no spec's, so that the spec counts as changed;
 * - a nonsensical deletionTimestamp is left out: an object whose spec is gone gets a new one, and one whose spec is
 *   there must not be ended on the word of a broken file;
 * - lost finalizers are put back, so that nothing is forgotten before it is cleaned up.
 */
export function checkObject(raw: unknown, key: Key, now: number): Checked<StoredObject> {
  const kind = kindOf(key);
  if (!isRecord(raw)) return { type: 'Unusable', why: 'it holds no object' };
  if (raw['apiVersion'] !== API_VERSION) return { type: 'Unusable', why: `its apiVersion is not ${API_VERSION}` };
  if (raw['kind'] !== kind) return { type: 'Unusable', why: `its kind is not ${kind}` };
  const dropped: string[] = [];
  const check = record<StoredObject>({
    apiVersion: need(text),
    kind: need(text),
    metadata: need(metadata(new Date(now).toISOString())),
    specHash: or(text, ''),
    status: or(statusChecks[kind] ?? anyStatus, EMPTY_STATUS),
  });
  const object = check(raw, { path: '', dropped: (path) => dropped.push(path.slice(1)) }) as StoredObject | undefined;
  if (object === undefined) return { type: 'Unusable', why: 'its metadata has no valid name and uid' };
  if (object.metadata.name !== nameOf(key)) return { type: 'Unusable', why: `its name is not ${nameOf(key)}` };
  return { type: 'Usable', value: object, dropped };
}

function metadata(nowIso: string): Check {
  return record<OwnedMeta>({
    name: need(name),
    uid: need(name),
    generation: or(ordinal, 1),
    creationTimestamp: or(time, nowIso),
    creationOrder: may(ordinal),
    deletionTimestamp: may(time),
    finalizers: or(listOf(name), [FINALIZER]),
    labels: may(mapOf(text)),
    annotations: may(mapOf(text)),
  });
}

const statusChecks: Partial<Record<SpecKind, Check>> = {
  Project: projectStatus,
  AgentClass: agentClassStatus,
  Queue: queueStatus,
};

const anyStatus: Check = (value) => (isRecord(value) ? value : undefined);
