import type { ProjectStatus } from '../api/generated/all.ts';
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

/** Projects whose panes differ from the look before. */
export interface Changes {
  /** Of some pane what was seen before is not so any more: somebody may wait for it to be put right. */
  readonly lacking: readonly Key[];
  /** All that was seen is still there, and there is more: what was just made, as a rule, and by whom is known. */
  readonly others: readonly Key[];
}

/** The panes of each project, by their prints. */
type Prints = ReadonlyMap<Key, ReadonlyMap<string, FootprintPane>>;

const NOTHING: ReadonlyMap<string, FootprintPane> = new Map();

/**
 * Compares each look at everything with the one before; what differs is a hint for its project, whoever changed it.
 *
 * @param isSaid whether these are the panes that are said of a project: then it was looked at since, and is no news
 */
export function createComparison(
  isSaid: (key: Key, panes: readonly FootprintPane[]) => boolean,
): (look: Look<readonly FootprintPane[]>) => Changes {
  let before: Prints = new Map();
  return (look) => {
    const lacking: Key[] = [];
    const others: Key[] = [];
    if (look.state === 'Unknown') return { lacking, others };
    const after = footprints(look.value);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [then, now] = [before.get(key) ?? NOTHING, after.get(key) ?? NOTHING];
      const isLacking = [...then.keys()].some((print) => !now.has(print));
      // Of what is left something may have to be put right, such as its place, that is not said.
      if (isLacking && !(now.size === 0 && isSaid(key, []))) lacking.push(key);
      else if (!isLacking && now.size > then.size && !isSaid(key, [...now.values()])) others.push(key);
    }
    before = after;
    return { lacking, others };
  };
}

/** Whether the status of a project tells of just these panes of its agents. */
export function isSaidOf({ session, agents }: ProjectStatus, panes: readonly FootprintPane[]): boolean {
  const said = agents.filter(({ pane, pid }) => pane !== undefined && pid !== undefined);
  if (panes.length === 0) return session === undefined && said.length === 0;
  const isKnown = (pane: FootprintPane) =>
    session?.server === pane.server &&
    session.id === pane.sessionId &&
    said.some((agent) => agent.pane?.id === pane.id && agent.pid === pane.pid);
  return said.length === panes.length && panes.every((pane) => !pane.dead && isKnown(pane));
}

function footprints(panes: readonly FootprintPane[]): Prints {
  const prints = new Map<Key, Map<string, FootprintPane>>();
  for (const pane of panes) {
    if (pane.project === undefined) continue;
    const key = keyOf('Project', pane.project);
    const known = prints.get(key);
    if (known === undefined) prints.set(key, new Map([[footprint(pane), pane]]));
    else known.set(footprint(pane), pane);
  }
  return prints;
}

/** A look that shows the same of a pane as the one before gives the same value for it. */
const known = new WeakMap<FootprintPane, string>();

function footprint(pane: FootprintPane): string {
  const print = known.get(pane) ?? printOf(pane);
  known.set(pane, print);
  return print;
}

function printOf({
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
