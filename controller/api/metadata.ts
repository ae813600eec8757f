import { createHash } from 'node:crypto';
import type { ProjectStatus } from './generated/project.ts';
import type { SpecKind } from './kinds.ts';

export const FINALIZER = 'muxlet.dev/session';

/** The part of an object's metadata that is the controller's. It stands in state/status/, never in a spec file. */
export interface OwnedMeta {
  readonly name: string;
  readonly uid: string;
  /** Counts changes of the spec, from 1. */
  readonly generation: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly creationTimestamp: string;
  /** Place among those that were first read at the same time, by file and by place in it, from 1. Stays for good. */
  readonly creationOrder?: number;
  /** Set once the object's removal was seen; the object stays until its finalizers are gone. */
  readonly deletionTimestamp?: string;
  readonly finalizers: readonly string[];
  /** Labels as they stood in the spec when the status was written. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** When an object was first read, and at which place among those that were read with it. */
export interface Arrival {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** From 1. */
  readonly order: number;
}

/** What state/status/<kind>/<name>.json holds. */
export interface StoredObject<Status = ProjectStatus> {
  readonly apiVersion: string;
  readonly kind: SpecKind;
  readonly metadata: OwnedMeta;
  /** Hash of the spec that `metadata.generation` counts. */
  readonly specHash: string;
  readonly status: Status;
}

/** The uid of an agent follows from its project's uid and its name, so that it needs no record to be found again. */
export function agentUid(projectUid: string, agent: string): string {
  const known = agentUids.get(projectUid)?.get(agent);
  if (known !== undefined) return known;
  if (agentUids.size >= KEPT) agentUids.clear();
  const uid = computeAgentUid(`${projectUid}/${agent}`);
  const agents = agentUids.get(projectUid) ?? new Map<string, string>();
  agentUids.set(projectUid, agents.set(agent, uid));
  return uid;
}

/** By project. Every look at everything asks for every agent's: hashing anew took a tenth of the controller's time at rest. */
const agentUids = new Map<string, Map<string, string>>();
/** Projects. */
const KEPT = 5000;

function computeAgentUid(place: string): string {
  const hex = createHash('sha256').update(place).digest('hex');
  // The layout of RFC 9562, version 8 (free form).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A short hash of a plain value, the same for the same content whatever the order of its fields. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(fields).sort()) {
    if (fields[name] !== undefined) text += `${text && ','}${JSON.stringify(name)}:${canonical(fields[name])}`;
  }
  return `{${text}}`;
}
