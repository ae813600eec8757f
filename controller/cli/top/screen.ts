import { Writable } from 'node:stream';
import type { Place } from './changes.ts';
import type { Size } from './scene.ts';

/** Where the terminal library puts what is to change. */
export interface Screen {
  readonly stream: NodeJS.WriteStream;
  /** Whether the terminal is ours to draw on; what comes while it is not is lost. */
  show(isShown: boolean): void;
}

export interface ScreenPorts {
  size(): Size;
  write(text: string): void;
  /** Where the lines belong that the library renders at present, from the top. */
  places(): readonly Place[];
  /** They stand there. */
  drawn(): void;
}

/**
 * Draws what changed where it belongs. A library that does that by itself renders all of the screen for each change, and
 * clears the whole terminal where its output is as high as that, which flickers over ssh and takes the scrollback along.
 */
export function createScreen({ size, write, places, drawn }: ScreenPorts): Screen {
  let isShown = false;

  function draw(rendered: readonly string[], where: readonly Place[]): void {
    const height = size().rows;
    const texts = where.map(({ row, column, width }, index) => {
      if (row >= height) return '';
      // What the library leaves off at the end of a line are blanks, so the place is made blank first.
      const erase = width === undefined ? '\u001b[K' : `\u001b[${width}X`;
      return `\u001b[${row + 1};${column + 1}H\u001b[0m${erase}${rendered[index] ?? ''}\u001b[0m`;
    });
    write(texts.join(''));
  }

  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      const rendered = String(chunk).split('\n');
      const where = places();
      // At its end the library writes nothing at all, to learn when all else was written.
      if (isShown && chunk !== '' && rendered.length === where.length) {
        draw(rendered, where);
        drawn();
      }
      done();
    },
  });
  // No terminal to the library: it sends nothing but lines then. They are as wide as the widest needs it.
  const widest = (): number => places().reduce((most, { width }) => Math.max(most, width ?? size().columns), 1);
  Object.defineProperties(stream, {
    isTTY: { value: false },
    columns: { get: widest },
    rows: { get: () => size().rows },
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    show(now) {
      isShown = now;
    },
  };
}
