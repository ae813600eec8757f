import { fstatSync } from 'node:fs';

/**
 * Whether a descriptor is the stream to systemd's journal that JOURNAL_STREAM names, by device and inode
 * (systemd.exec(5)). The variable alone says little: a shell in a terminal that a desktop's service started has it too.
 */
export function goesToJournal(stream: string | undefined, descriptor: number): boolean {
  if (!stream) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
