import type { Action, Owner } from '../../api/action.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { ObservedSession, ObservedTmux } from '../../api/observed.ts';
import type { AgentPlan } from './agent-plan.ts';
import type { OwnPane } from './life.ts';
import { freeIndex, isWindowOf, type Place, paneOf, placedPaneOf, sessionRef } from './places.ts';

/** An agent that is wanted, and the pane in which it runs or ended. */
interface Placed {
  readonly agent: DesiredAgent;
  readonly pane: OwnPane;
}

interface Home {
  readonly owner: Owner;
  readonly session: ObservedSession;
  readonly tmux: ObservedTmux;
}

/** Puts right what a person or program moved or renamed. What is not ours keeps its place and name. */
export function repairActions(plans: readonly AgentPlan[], { owner, server, fact, tmux }: Place): Action[] {
  const placed = plans.flatMap(({ view }) =>
    view.desired !== undefined && 'pane' in view.life ? [{ agent: view.desired, pane: view.life.pane }] : [],
  );
  switch (fact.type) {
    case 'Conflict':
      return [];
    case 'Missing':
      // All that runs was moved away, and the session ended with its last window.
      return placed.length === 0 ? [] : [{ type: 'RestoreSession', owner, server }];
    case 'Up':
      return repairSession(placed, { owner, session: fact.session, tmux });
  }
}

function repairSession(placed: readonly Placed[], home: Home): Action[] {
  const { owner, session, tmux } = home;
  const taken = tmux.sessions.some((other) => other.id !== session.id && other.name === owner.project);
  const rename: Action[] =
    session.name === owner.project || taken
      ? []
      : [{ type: 'RenameSession', owner, session: sessionRef(session), name: owner.project }];
  const windows = repairWindows(placed, home);
  const order = windows.length === 0 ? orderActions(placed, owner) : [];
  return [...rename, ...windows, ...order, ...removePlaceholders(placed, home)];
}

/** What is left in a session or window once what was decided so far is done. */
interface Left {
  readonly windows: Map<string, number>;
  readonly panes: Map<string, number>;
}

interface Stand {
  readonly left: Left;
  /** A free place in our session. */
  readonly index: number;
}

function repairWindows(placed: readonly Placed[], home: Home): Action[] {
  const left: Left = {
    windows: new Map(home.tmux.sessions.map(({ id, windows }) => [id, windows])),
    panes: new Map(placed.map(({ pane }) => [pane.windowId, pane.windowPanes])),
  };
  const free = freeIndex(home.tmux, home.session);
  return placed.flatMap((one, offset) => repairWindow(one, { ...home, left, index: free + offset }));
}

/** As long as an agent's window is elsewhere, or there is none, the session may need it. */
function removePlaceholders(placed: readonly Placed[], { owner, session, tmux }: Home): Action[] {
  const allBack = placed.length > 0 && placed.every(({ pane }) => pane.sessionId === session.id);
  if (!allBack) return [];
  const spare = new Set(tmux.sessions.flatMap(({ id, windows }) => (windows > 1 ? [id] : [])));
  return tmux.panes
    .filter(({ placeholderOf, sessionId }) => placeholderOf === owner.uid && spare.has(sessionId))
    .map((pane) => ({ type: 'RemovePlaceholder', owner, pane: placedPaneOf(pane) }));
}

function repairWindow({ agent, pane }: Placed, { owner, session, index, left }: Home & Stand): Action[] {
  const alone = pane.windowPanes === 1;
  const ownWindow = isWindowOf(pane, owner, agent.name);
  const to = { session: sessionRef(session), index };
  if (pane.sessionId !== session.id && alone) {
    const type = takeOne(left.windows, pane.sessionId) ? 'MoveWindow' : 'LinkWindow';
    return [{ type, owner, pane: placedPaneOf(pane), ...to }];
  }
  // In another session, a window for an agent of that name may be another project's.
  if (!alone && (!ownWindow || pane.sessionId !== session.id)) {
    // The last one would take the window along: the next look shows it alone there.
    if (!takeOne(left.panes, pane.windowId)) return [];
    return [{ type: 'BreakPane', owner, agent: agent.name, pane: paneOf(pane), ...to }];
  }
  const mark: Action[] = ownWindow ? [] : [{ type: 'MarkWindow', owner, agent: agent.name, pane: paneOf(pane) }];
  const rename: Action[] =
    pane.windowName === agent.name ? [] : [{ type: 'RenameWindow', owner, pane: paneOf(pane), name: agent.name }];
  return [...mark, ...rename];
}

/** Whether something is left there without this one. */
function takeOne(left: Map<string, number>, id: string): boolean {
  const count = left.get(id) ?? 0;
  if (count <= 1) return false;
  left.set(id, count - 1);
  return true;
}

/** Swaps our windows among their own places until they stand in the declared order; other windows stay where they are. */
function orderActions(placed: readonly Placed[], owner: Owner): Action[] {
  const panes = placed.map(({ pane }) => pane);
  const actions: Action[] = [];
  const places = panes.map((pane) => pane.windowIndex).sort((a, b) => a - b);
  const standing = [...panes].sort((a, b) => a.windowIndex - b.windowIndex);
  for (const [place, wanted] of panes.entries()) {
    const present = standing[place];
    if (places[place] === undefined || present === undefined || present.windowId === wanted.windowId) continue;
    actions.push({ type: 'SwapWindows', owner, first: placedPaneOf(present), second: placedPaneOf(wanted) });
    standing[standing.indexOf(wanted)] = present;
    standing[place] = wanted;
  }
  return actions;
}
