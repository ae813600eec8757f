import { Writable } from 'node:stream';
import type { Size } from './frame.ts';

/** Where the terminal library puts whole screens, one after the other. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  /** What stands on the terminal is not known any more: all of it is drawn again. */
  forget(): void;
  /** Draws, or holds back what comes until it may again. */
  show(isShown: boolean): void;
}

/**
 * Draws screens, of each only the lines that differ from what stands there. A library that draws by itself clears the
 * whole terminal where its output is as high as that, which flickers over ssh, and takes the scrollback along.
 */
export function createScreen(size: () => Size, write: (text: string) => void): Screen {
  let shown: readonly string[] = [];
  let latest = '';
  let isShown = false;

  function paint(): void {
    const { rows } = size();
    const lines = latest.split('\n').slice(0, rows);
    const changes = Array.from({ length: rows }, (_, row) => {
      const line = lines[row] ?? '';
      return line === shown[row] ? '' : `\u001b[${row + 1};1H\u001b[0m${line}\u001b[0m\u001b[K`;
    });
    shown = Array.from({ length: rows }, (_, row) => lines[row] ?? '');
    const text = changes.join('');
    if (text !== '') write(text);
  }

  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      const text = String(chunk);
      // At its end the library writes nothing at all, to learn when all else was written.
      if (text !== '') {
        latest = text;
        if (isShown) paint();
      }
      done();
    },
  });
  // No terminal to the library: it draws nothing but screens then.
  Object.defineProperties(stream, {
    isTTY: { value: false },
    columns: { get: () => size().columns },
    rows: { get: () => size().rows },
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    forget() {
      shown = [];
      if (isShown) paint();
    },
    show(now) {
      isShown = now;
      shown = [];
      if (isShown && latest !== '') paint();
    },
  };
}
