import { join } from 'node:path';
import type { Message } from '../../api/generated/all.ts';
import { SENT_AT } from '../../api/mail.ts';
import { readReport } from '../../api/report.ts';
import type { systemClock } from '../../exec/clock.ts';
import { supervise } from '../../exec/supervise.ts';
import { createFolder, makeFolder } from '../../store/messages/folder.ts';
import { sentMessages } from '../../store/messages/sent.ts';
import { singleFlight } from '../../store/specs/single-flight.ts';
import { watchDirectory } from '../../store/specs/watch-directory.ts';

export interface FoldersOptions {
  /** Absolute: the state directory. */
  readonly directory: string;
  readonly clock: typeof systemClock;
  /** Told of a file that is of no use. */
  readonly broken: (path: string) => void;
  readonly failed: (error: unknown) => void;
  /** Told of each message that is new, changed or gone. */
  readonly onMessage: (name: string) => void;
  /** Told after each look. */
  readonly onListed: () => Promise<void>;
}

/** Files that nobody told of are found by then, in milliseconds. */
const LIST_MS = 3000;
/** Hints that come within so short a time are one, in milliseconds. */
const COALESCE_MS = 30;

/** state/messages/ and state/reports/: what people, agents and the controller itself leave there. */
export function createFolders({ directory, clock, broken, failed, onMessage, onListed }: FoldersOptions) {
  const paths = { messages: join(directory, 'messages'), reports: join(directory, 'reports') };
  const messages = sentMessages(directory, broken);
  const reports = createFolder(paths.reports, readReport, broken);
  let sent: ReadonlyMap<string, Message> | undefined;
  /** While somebody looks: what may have been listed and is gone. */
  const removed = new Set<string>();
  let hinted = false;

  /** One look after the other: of two at once the older could end last, and take back what the newer found. */
  const list = singleFlight(() => look().catch(failed));

  async function look(): Promise<void> {
    removed.clear();
    const listed = await messages.list();
    const before = sent;
    const found = new Map([...listed].filter(([name]) => !removed.has(name)));
    sent = found;
    const names = new Set([...(before?.keys() ?? []), ...found.keys()]);
    for (const name of names) if (before?.get(name) !== found.get(name)) onMessage(name);
    await onListed();
  }

  function hint(): void {
    if (hinted) return;
    hinted = true;
    clock.after(COALESCE_MS, () => {
      hinted = false;
      supervise(list());
    });
  }

  return {
    reports,
    /** Undefined until somebody looked. */
    sent: () => sent,
    /** The controller's own words. */
    send(message: Message): void {
      const { name } = message.metadata;
      const annotations = { [SENT_AT]: new Date(clock.now()).toISOString() };
      try {
        messages.put(name, { ...message, metadata: { name, annotations } });
        hint();
      } catch (error) {
        failed(error);
      }
    },
    async remove(name: string): Promise<void> {
      removed.add(name);
      await messages.remove(name);
      sent = new Map([...(sent ?? [])].filter(([known]) => known !== name));
    },
    /** Settles after the first look. */
    async start(signal: AbortSignal): Promise<void> {
      const folders = Object.values(paths);
      await Promise.all(folders.map(makeFolder));
      const watches = folders.map((folder) => watchDirectory({ directory: folder, hint, echo: hint, failed }));
      for (const watch of watches) watch.follow([]);
      await list();
      const tick = (): void => {
        if (signal.aborted) return;
        for (const watch of watches) watch.follow([]);
        hint();
        clock.after(LIST_MS, tick);
      };
      tick();
      const close = (): void => {
        for (const watch of watches) watch.close().catch(failed);
      };
      if (signal.aborted) close();
      signal.addEventListener('abort', close);
    },
  };
}
