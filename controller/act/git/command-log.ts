import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** So much of what a command prints is kept, in characters; a command that prints for ever fills no disk. */
const MOST = 1_000_000;
/** So much may come without an end of line, in characters. */
const LINE = 20_000;
const TAIL = 20;

export interface CommandLog {
  write(chunk: Buffer): void;
  /** Once all is written: the last lines. */
  end(): Promise<readonly string[]>;
}

/** Writes down what a command prints, line by line and without secrets. A log that cannot be written stops no command. */
export function createCommandLog(
  path: string,
  redact: (lines: readonly string[]) => Promise<readonly string[]>,
): CommandLog {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let written = 0;
  let tail: readonly string[] = [];
  let pending: Promise<void> = Promise.resolve();

  const attempt = (write: () => void): void => {
    try {
      write();
    } catch {
      // Full, or taken away.
    }
  };
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, '', { mode: 0o600 });
  });

  async function keep(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const clean = await redact(lines);
    tail = [...tail, ...clean].slice(-TAIL);
    if (written >= MOST) return;
    const text = clean.map((line) => `${line}\n`).join('');
    written += text.length;
    attempt(() => {
      appendFileSync(path, written >= MOST ? `${text}[the rest was not kept]\n` : text);
    });
  }

  function take(text: string): void {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE) {
      lines.push(rest);
      rest = '';
    }
    pending = pending.then(() => keep(lines));
  }

  return {
    write(chunk) {
      take(decoder.write(chunk));
    },
    async end() {
      take(decoder.end());
      const last = rest;
      rest = '';
      if (last !== '') pending = pending.then(() => keep([last]));
      await pending;
      return tail;
    },
  };
}
