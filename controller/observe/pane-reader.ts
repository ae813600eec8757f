import { type ListedPane, parsePane } from './pane-format.ts';

export interface PaneReader {
  /** Takes the list of all panes of a server. */
  all(server: string, lines: readonly string[]): readonly ListedPane[];
  /** Takes a list of some. */
  some(server: string, lines: readonly string[]): readonly ListedPane[];
}

interface Read {
  readonly line: string;
  readonly pane: ListedPane;
}

/**
 * Reads lists of panes. A line that stood in the last list of everything is the same value as then, so that of a
 * thousand panes at rest none is taken apart again, and who compares them with what he saw before needs no closer look.
 */
export function createPaneReader(): PaneReader {
  /** By server. */
  const last = new Map<string, ReadonlyMap<string, Read>>();

  function read(server: string, line: string): Read | undefined {
    const known = last.get(server)?.get(line);
    if (known !== undefined) return known;
    const own = copyOf(line);
    const pane = parsePane(server, own);
    return pane && { line: own, pane };
  }

  return {
    all(server, lines) {
      const listed = lines.flatMap((line) => read(server, line) ?? []);
      last.set(server, new Map(listed.map((one) => [one.line, one])));
      return listed.map(({ pane }) => pane);
    },
    some: (server, lines) => lines.flatMap((line) => read(server, line)?.pane ?? []),
  };
}

/** A piece of a text keeps all of it in memory, here a whole answer of tmux for one line of it. */
function copyOf(line: string): string {
  return Buffer.from(line).toString();
}
