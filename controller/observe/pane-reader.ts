import { isSameList } from '../api/same-list.ts';
import { type ListedPane, parsePane } from './pane-format.ts';

export interface PaneReader {
  /** Takes the list of all panes of a server. */
  all(server: string, lines: readonly string[]): readonly ListedPane[];
  /** Takes a list of some. */
  some(server: string, lines: readonly string[]): readonly ListedPane[];
}

interface Read {
  readonly line: string;
  /** Undefined: the line is none of ours. */
  readonly pane: ListedPane | undefined;
}

interface List {
  readonly reads: readonly Read[];
  readonly panes: readonly ListedPane[];
  /** Made when it is first asked for: of what stands where it stood nobody asks. */
  byLine: ReadonlyMap<string, Read> | undefined;
}

/**
 * Reads lists of panes. A line that stood in the last list of everything is the same value as then, so that of a
 * thousand panes at rest none is taken apart again, and a list that says the same is the same, so that nobody looks at
 * what he has seen before.
 */
export function createPaneReader(): PaneReader {
  /** By server. */
  const last = new Map<string, List>();

  function read(server: string, line: string): Read {
    const list = last.get(server);
    if (list !== undefined) list.byLine ??= new Map(list.reads.map((one) => [one.line, one]));
    const known = list?.byLine?.get(line);
    if (known !== undefined) return known;
    const own = copyOf(line);
    return { line: own, pane: parsePane(server, own) };
  }

  return {
    all(server, lines) {
      const before = last.get(server);
      const reads = lines.map((line, index) => {
        const there = before?.reads[index];
        return there?.line === line ? there : read(server, line);
      });
      if (before !== undefined && isSameList(before.reads, reads)) return before.panes;
      const panes = panesOf(reads);
      last.set(server, { reads, panes, byLine: undefined });
      return panes;
    },
    some: (server, lines) => panesOf(lines.map((line) => read(server, line))),
  };
}

function panesOf(reads: readonly Read[]): readonly ListedPane[] {
  return reads.flatMap(({ pane }) => pane ?? []);
}

/** A piece of a text keeps all of it in memory, here a whole answer of tmux for one line of it. */
function copyOf(line: string): string {
  return Buffer.from(line).toString();
}
