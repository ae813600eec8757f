import { readFileSync, statSync } from 'node:fs';
import { isRecord, may, name, need, ordinal, record, text, time } from './check.ts';

/** Who holds the state directory, as the lock file says; only the lock itself tells whether they still do. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly stateDir: string;
  readonly tmuxSocket: string;
  /** host:port of its HTTP server, once it listens. */
  readonly address?: string;
}

const check = record<LockHolder>({
  pid: need(ordinal),
  host: need(text),
  startedAt: need(time),
  stateDir: need(name),
  tmuxSocket: need(text),
  address: may(name),
});

/** Undefined if there is no such file, or nothing of use in it. Never throws, never locks. */
export function readHolder(path: string): LockHolder | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    // The holder writes a new line over the old one before it cuts off the rest: only the first line is whole.
    const [line = ''] = readFileSync(path, 'utf8').split('\n', 1);
    const raw: unknown = JSON.parse(line);
    return isRecord(raw) ? (check(raw, { path: '', dropped: () => {} }) as LockHolder | undefined) : undefined;
  } catch {
    return undefined;
  }
}
