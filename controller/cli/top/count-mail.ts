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
  readonly stamp: number;
  readonly records: ReadonlyMap<string, Record>;
  readonly counts: MailCounts;
}

/**
 * Counts what lies in the mailboxes of agents. Records are replaced by renaming, so that a folder whose own time stands
 * holds what it held, and one whose time has changed costs the records that changed.
 *
 * @param agents absolute: state/agents
 */
export function createMailCounter(agents: string): (uid: string) => MailCounts {
  const boxes = new Map<string, Box>();
  return (uid) => {
    // What is no folder's name is no agent.
    if (!/^[\w-]+$/.test(uid)) return NO_MAIL;
    const folder = join(agents, uid, 'inbox');
    const before = boxes.get(uid);
    try {
      const stamp = statSync(folder).mtimeMs;
      if (before?.stamp === stamp) return before.counts;
      const records = readRecords(folder, before?.records ?? new Map());
      const counts = [...records.values()].reduce((sum, record) => add(sum, record.counts), NO_MAIL);
      boxes.set(uid, { stamp, records, counts });
      return counts;
    } catch {
      boxes.delete(uid);
      return NO_MAIL;
    }
  };
}

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
