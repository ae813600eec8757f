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

type Prints = ReadonlyMap<Key, ReadonlySet<string>>;

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Compares each look at everything with the one before; what differs is a hint for its project, whoever changed it.
 *
 * @param isSaidGone whether it is said of a project already that nothing of it is there: then that is no news
 */
export function createComparison(isSaidGone: (key: Key) => boolean): (look: Look<readonly FootprintPane[]>) => Changes {
  let last: { readonly panes: readonly FootprintPane[]; readonly prints: Prints } = { panes: [], prints: new Map() };
  return (look) => {
    const lacking: Key[] = [];
    const others: Key[] = [];
    if (look.state === 'Unknown' || look.value === last.panes) return { lacking, others };
    const before = last.prints;
    const after = footprints(look.value);
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [then, now] = [before.get(key) ?? NOTHING, after.get(key) ?? NOTHING];
      const isLacking = [...then].some((print) => !now.has(print));
      if (isLacking && !(now.size === 0 && isSaidGone(key))) lacking.push(key);
      // Whether that is where it belongs no status says: windows that change places notify nobody.
      else if (!isLacking && now.size > then.size) others.push(key);
    }
    last = { panes: look.value, prints: after };
    return { lacking, others };
  };
}

/** Whether the status of a project says that nothing of it is there. */
export function isSaidGoneOf({ session, agents }: ProjectStatus): boolean {
  return session === undefined && agents.every(({ pid }) => pid === undefined);
}

function footprints(panes: readonly FootprintPane[]): Prints {
  const prints = new Map<Key, Set<string>>();
  for (const pane of panes) {
    if (pane.project === undefined) continue;
    const key = keyOf('Project', pane.project);
    const known = prints.get(key);
    if (known === undefined) prints.set(key, new Set([footprint(pane)]));
    else known.add(footprint(pane));
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
