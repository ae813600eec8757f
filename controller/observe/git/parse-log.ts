import type { CommitFact } from '../../api/workspace.ts';

/** For `git log -z`: hash, committer's date and message, a line each, the message as long as it is. */
export const LOG_FORMAT = '%H%n%ct%n%B';

/** So much of a message is kept, in bytes: who matches one against a pattern reads every character. */
const MAX_MESSAGE = 4096;

export function parseLog(text: string): CommitFact[] {
  return text.split('\0').flatMap((record): CommitFact[] => {
    const [, hash, seconds, message] = /^([0-9a-f]+)\n(-?[0-9]+)\n?([^]*)$/.exec(record) ?? [];
    if (hash === undefined || message === undefined) return [];
    return [{ hash, at: Number(seconds) * 1000, message: cut(message.trimEnd()) }];
  });
}

/** Never in the middle of a character. */
function cut(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MAX_MESSAGE) return message;
  return new TextDecoder().decode(bytes.subarray(0, MAX_MESSAGE), { stream: true });
}
