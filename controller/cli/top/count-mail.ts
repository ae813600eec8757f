import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasEnded, isMail } from '../../api/mail.ts';
import { loadJson } from '../../store/state/load-file.ts';
import type { MailCounts } from './facts.ts';
import { NO_MAIL } from './rows.ts';

interface Record {
  readonly stamp: string;
  readonly counts: MailCounts;
}

interface Box {
  /** When it was last looked at, in milliseconds that only go forward. */
  readonly at: number;
  /** Of the folder; undefined while there is none. */
  readonly stamp: number | undefined;
  readonly records: ReadonlyMap<string, Record>;
  readonly counts: MailCounts;
}

/** One mailbox is looked at no more often, in milliseconds. */
const LOOK_MS = 2000;

/**
 * Counts what lies in the mailboxes of agents. Records are replaced by renaming, so that a folder whose own time stands
 * holds what it held, and one whose time has changed costs the records that changed.
 *
 * @param agents absolute: state/agents
 */
export function createMailCounter(agents: string, elapsed: () => number): (uid: string) => MailCounts {
  const boxes = new Map<string, Box>();

  function lookAt(uid: string, before: Box | undefined): Box {
    const folder = join(agents, uid, 'inbox');
    const at = elapsed();
    try {
      const stamp = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
      if (before !== undefined && stamp === before.stamp) return { ...before, at };
      if (stamp === undefined) return { ...EMPTY, at };
      const records = readRecords(folder, before?.records ?? EMPTY.records);
      return {
        at,
        stamp,
        records,
        counts: [...records.values()].reduce((sum, { counts }) => add(sum, counts), NO_MAIL),
      };
    } catch {
      return { ...EMPTY, at };
    }
  }

  return (uid) => {
    // What is no folder's name is no agent.
    if (!/^[\w-]+$/.test(uid)) return NO_MAIL;
    const before = boxes.get(uid);
    if (before !== undefined && elapsed() - before.at < LOOK_MS) return before.counts;
    const box = lookAt(uid, before);
    boxes.set(uid, box);
    return box.counts;
  };
}

const EMPTY = { stamp: undefined, records: new Map<string, Record>(), counts: NO_MAIL };

function readRecords(folder: string, before: ReadonlyMap<string, Record>): ReadonlyMap<string, Record> {
  const records = new Map<string, Record>();
  for (const file of readdirSync(folder)) {
    if (!/^[0-9a-z]+\.json$/.test(file)) continue;
    try {
      const path = join(folder, file);
      const { ino, size, mtimeMs } = statSync(path);
      const stamp = `${ino} ${size} ${mtimeMs}`;
      const known = before.get(file);
      records.set(file, known?.stamp === stamp ? known : { stamp, counts: countsOf(path) });
    } catch {
      // It has just gone.
    }
  }
  return records;
}

function countsOf(path: string): MailCounts {
  const loaded = loadJson(path, (raw) =>
    isMail(raw) ? { type: 'Usable', value: raw, dropped: [] } : { type: 'Unusable', why: 'it is no record of a mail' },
  );
  if (loaded.type !== 'Loaded') return NO_MAIL;
  if (!hasEnded(loaded.value)) return { waiting: 1, delivered: 0 };
  return loaded.value.state === 'Confirmed' ? { waiting: 0, delivered: 1 } : NO_MAIL;
}

function add(a: MailCounts, b: MailCounts): MailCounts {
  return { waiting: a.waiting + b.waiting, delivered: a.delivered + b.delivered };
}
