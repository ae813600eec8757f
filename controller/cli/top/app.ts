import { Box, type Key as InkKey, Text, useInput } from 'ink';
import { createElement, memo, type ReactElement, useSyncExternalStore } from 'react';
import type { Line, Size, Span } from './frame.ts';
import { type Key, keysOf } from './keys.ts';

/** The lines of the screen that are to change; to lay out all of it again would cost several times as much. */
export interface Frame extends Size {
  readonly changes: readonly { readonly row: number; readonly line: Line }[];
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
  const { changes, columns } = useSyncExternalStore(source.subscribe, source.frame);
  useInput((input: string, press: InkKey) => source.pressed(keysOf(input, press)));
  return createElement(
    Box,
    { flexDirection: 'column', width: columns, height: changes.length },
    changes.map(({ row, line }) => createElement(ShownLine, { key: row, line, colours })),
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
