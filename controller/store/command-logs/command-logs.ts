/** What commands of verifications and of set-ups print, in files for a person to read: the beginning and the end of each, bounded. */
import { closeSync, constants, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../state/atomic-write.ts';
import { FILE_MODE, FOLDER_MODE } from '../state/layout.ts';
import { createPrintedText } from './printed-text.ts';

const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/** Logs of verifications that are kept of a project. */
const MAX_LOGS = 20;

export interface CommandLog {
  readonly path: string;
  /** Adds a line of our own. */
  note(line: string): void;
  write(chunk: Buffer): void;
  /** Writes out what is still to be written. @returns the last lines, without secrets and control characters */
  close(): Promise<readonly string[]>;
}

/**
 * @param directory a folder of ours, which has one for each project
 * @param onFailure told of a write that failed: the command is not to blame for a full disk
 * @param most logs that are kept of a project
 * @returns opens one anew, whatever was in it; the oldest of the project's go
 */
export function createCommandLogs(directory: string, onFailure: (path: string, code: string) => void, most = MAX_LOGS) {
  return (
    uid: string,
    name: string,
    /** Takes secrets out of lines. */
    redact: (lines: readonly string[]) => Promise<readonly string[]>,
  ): CommandLog => {
    const folder = join(directory, uid);
    const path = join(folder, `${name}.log`);
    const fd = attempt(() => {
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
      makeRoom(folder, most);
      return openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, FILE_MODE);
    });
    const text = createPrintedText(redact, (lines) => {
      if (fd !== undefined) attempt(() => writeSync(fd, `${lines.join('\n')}\n`));
    });
    let closed: Promise<readonly string[]> | undefined;

    function attempt<Result>(action: () => Result): Result | undefined {
      try {
        return action();
      } catch (error) {
        onFailure(path, codeOf(error));
        return undefined;
      }
    }

    async function close(): Promise<readonly string[]> {
      const tail = await text.end();
      if (fd !== undefined) attempt(() => closeSync(fd));
      return tail;
    }

    return {
      path,
      note: (line) => text.write(Buffer.from(`${line}\n`), 'OnALineOfItsOwn'),
      write: (chunk) => text.write(chunk),
      close: () => {
        closed ??= close();
        return closed;
      },
    };
  };
}

function makeRoom(folder: string, most: number): void {
  const logs = readdirSync(folder)
    .filter((file) => file.endsWith('.log'))
    .map((file) => ({ path: join(folder, file), at: statSync(join(folder, file)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of logs.slice(most - 1)) rmSync(path, { force: true });
}
