import { Box, type Key as InkKey, Text, useInput } from 'ink';
import { createElement, memo, type ReactElement, useSyncExternalStore } from 'react';
import type { Change } from './changes.ts';
import { type Key, keysOf } from './keys.ts';
import type { Line, Span } from './scene.ts';

/** What is to change on the screen; to lay out all of it again would cost many times as much. */
export interface Frame {
  readonly changes: readonly Change[];
  /** Another one each time that the screen is blank: what is on it then is rendered again, though it is the same. */
  readonly generation: number;
}

export interface AppProps {
  readonly source: {
    /** The same object again for as long as nothing changed. */
    frame(): Frame;
    subscribe(listener: () => void): () => void;
    pressed(keys: readonly Key[]): void;
  };
  readonly colours: boolean;
}

/** All that is not pure about the screen: a frame in, keys out. */
export function App({ source, colours }: AppProps): ReactElement {
  const { changes, generation } = useSyncExternalStore(source.subscribe, source.frame);
  useInput((input: string, press: InkKey) => source.pressed(keysOf(input, press)));
  return createElement(
    Box,
    { flexDirection: 'column', height: changes.length },
    changes.map(({ row, column, width, line }) => {
      return createElement(ShownLine, { key: `${generation} ${row} ${column} ${width}`, line, colours });
    }),
  );
}

const ShownLine = memo(function ShownLine({ line, colours }: { readonly line: Line; readonly colours: boolean }) {
  // An empty text has no height.
  if (line.every(({ text }) => text === '')) return createElement(Text, null, ' ');
  if (!colours) return createElement(Text, { wrap: 'truncate' }, line.map(({ text }) => text).join(''));
  return createElement(Text, { wrap: 'truncate' }, line.map(shownSpan));
});

function shownSpan({ text, colour, bold, inverse }: Span, index: number): ReactElement | string {
  if (colour === undefined && bold === undefined && inverse === undefined) return text;
  const props = {
    key: index,
    ...(colour !== undefined && colour !== 'bold' && colour !== 'dim' && { color: colour }),
    ...(bold !== undefined && { bold }),
    ...(inverse !== undefined && { inverse }),
  };
  return createElement(Text, props, text);
}
