import { Writable } from 'node:stream';
import type { Size } from './frame.ts';

/** Where the terminal library puts the lines that are to change. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  /** What stands on the terminal is not known any more: all of it is drawn again. */
  redraw(): void;
  /** Whether the terminal is ours to draw on. What comes while it is not is kept, and drawn once it is. */
  show(isShown: boolean): void;
}

export interface ScreenPorts {
  size(): Size;
  write(text: string): void;
  /** On which rows the lines belong that the library renders at present, from the top. */
  rows(): readonly number[];
  /** They stand there. */
  drawn(): void;
}

/**
 * Draws lines where they belong. A library that does that by itself renders all of the screen for each change, and clears
 * the whole terminal where its output is as high as that, which flickers over ssh and takes the scrollback along.
 */
export function createScreen({ size, write, rows, drawn }: ScreenPorts): Screen {
  const lines: string[] = [];
  let isShown = false;

  function draw(which: readonly number[]): void {
    if (!isShown) return;
    const height = size().rows;
    const texts = which
      .filter((row) => row < height)
      .map((row) => `\u001b[${row + 1};1H\u001b[0m${lines[row] ?? ''}\u001b[0m\u001b[K`);
    if (texts.length > 0) write(texts.join(''));
  }

  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      const rendered = String(chunk).split('\n');
      const places = rows();
      // At its end the library writes nothing at all, to learn when all else was written.
      if (chunk !== '' && rendered.length === places.length) {
        places.forEach((row, index) => {
          lines[row] = rendered[index] ?? '';
        });
        draw(places);
        drawn();
      }
      done();
    },
  });
  // No terminal to the library: it sends nothing but lines then.
  Object.defineProperties(stream, {
    isTTY: { value: false },
    columns: { get: () => size().columns },
    rows: { get: () => size().rows },
  });
  const all = (): number[] => lines.map((_, row) => row);
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    redraw: () => draw(all()),
    show(now) {
      isShown = now;
      draw(all());
    },
  };
}
