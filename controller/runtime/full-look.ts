import { type Key, keyOf } from '../api/key.ts';
import type { Look } from '../api/observed.ts';

/** A pane, as far as a change in it concerns its project. */
export interface FootprintPane {
  readonly server: string;
  readonly sessionId: string;
  readonly sessionName: string;
  readonly windowId: string;
  readonly windowIndex: number;
  readonly windowName: string;
  readonly windowPanes: number;
  readonly id: string;
  readonly pid: number;
  readonly dead: boolean;
  readonly project?: string;
  readonly mark?: { readonly run: string };
}

export interface Changes {
  readonly changed: readonly Key[];
  /** Projects whose marks were seen, whether anybody knows of them or not. */
  readonly seen: readonly Key[];
}

/** Compares each look at everything with the one before; what differs is a hint for its project, whoever changed it. */
export function createComparison(): (look: Look<readonly FootprintPane[]>) => Changes {
  let before = new Map<Key, string>();
  return (look) => {
    if (look.state === 'Unknown') return { changed: [], seen: [] };
    const after = footprints(look.value);
    const keys = new Set([...before.keys(), ...after.keys()]);
    const changed = [...keys].filter((key) => before.get(key) !== after.get(key));
    before = after;
    return { changed, seen: [...after.keys()] };
  };
}

function footprints(panes: readonly FootprintPane[]): Map<Key, string> {
  const prints = new Map<Key, string>();
  for (const pane of panes) {
    if (pane.project === undefined) continue;
    const key = keyOf('Project', pane.project);
    prints.set(key, `${prints.get(key) ?? ''}${footprint(pane)}\n`);
  }
  return prints;
}

function footprint({
  server,
  sessionId,
  sessionName,
  windowId,
  windowIndex,
  windowName,
  ...pane
}: FootprintPane): string {
  const place = `${server} ${sessionId} ${sessionName} ${windowId} ${windowIndex} ${windowName}`;
  return `${place} ${pane.windowPanes} ${pane.id} ${pane.pid} ${pane.dead} ${pane.mark?.run ?? ''}`;
}
