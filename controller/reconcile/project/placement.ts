import type { Action, Owner, PaneRef, SessionRef, WindowRef } from '../../api/action.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { ObservedPane, ObservedSession, ObservedTmux } from '../../api/observed.ts';
import { type AgentPlan, isDown } from './agent-plan.ts';
import type { OwnPane } from './life.ts';

/** Where the project's session stands. */
export type SessionFact =
  | { readonly type: 'Up'; readonly session: ObservedSession }
  | { readonly type: 'Missing' }
  /** Somebody else's session bears the project's name. */
  | { readonly type: 'Conflict'; readonly session: ObservedSession };

export function findSession(tmux: ObservedTmux, name: string, uid: string): SessionFact {
  const own = tmux.sessions.filter((session) => session.uid === uid);
  const session = own.find((candidate) => candidate.name === name) ?? own[0];
  if (session !== undefined) return { type: 'Up', session };
  const foreign = tmux.sessions.find((candidate) => candidate.name === name);
  return foreign === undefined ? { type: 'Missing' } : { type: 'Conflict', session: foreign };
}

interface Place {
  readonly owner: Owner;
  readonly server: string;
  readonly fact: SessionFact;
  readonly tmux: ObservedTmux;
}

/** Gives a process to every agent that is to be started now: in its pane, its window, its session, or all of them anew. */
export function startActions(plans: readonly AgentPlan[], { owner, server, fact, tmux }: Place): Action[] {
  const starting = plans.filter(({ next }) => next.type === 'Start');
  const inPane = starting.flatMap((plan) => respawn(plan, owner));
  const homeless = starting.flatMap(({ view }) =>
    view.life.type === 'Missing' && view.desired !== undefined ? [view.desired] : [],
  );
  if (homeless.length === 0 || fact.type === 'Conflict') return inPane;
  if (fact.type === 'Missing') return [...inPane, { type: 'CreateSession', owner, server, agents: homeless }];
  const firstFree = 1 + Math.max(-1, ...windowIndexes(tmux, fact.session));
  const created = homeless.map((agent, offset): Action => {
    const window = tmux.panes.find((pane) => isWindowOf(pane, owner, agent.name) && pane.sessionId === fact.session.id);
    if (window !== undefined) return { type: 'SplitWindow', owner, agent, window: windowOf(window) };
    return { type: 'CreateWindow', owner, agent, session: sessionRef(fact.session), index: firstFree + offset };
  });
  return [...inPane, ...created];
}

function respawn({ view }: AgentPlan, owner: Owner): Action[] {
  const { life, desired: agent } = view;
  if (life.type === 'Missing' || agent === undefined) return [];
  return [{ type: 'RespawnPane', owner, agent, pane: paneOf(life.pane) }];
}

/** Puts right what a person or program moved or renamed. What is not ours keeps its place and name. */
export function repairActions(plans: readonly AgentPlan[], { owner, fact, tmux }: Place): Action[] {
  if (fact.type !== 'Up') return [];
  const { session } = fact;
  const taken = tmux.sessions.some((other) => other.id !== session.id && other.name === owner.project);
  const rename: Action[] =
    session.name === owner.project || taken
      ? []
      : [{ type: 'RenameSession', owner, session: sessionRef(session), name: owner.project }];
  const panes = plans.flatMap(({ view }) =>
    view.desired !== undefined && 'pane' in view.life ? [{ agent: view.desired, pane: view.life.pane }] : [],
  );
  const windows = panes.flatMap(({ agent, pane }) => repairWindow(agent, pane, { owner, session, tmux }));
  return [
    ...rename,
    ...windows,
    ...(windows.length === 0
      ? orderActions(
          panes.map(({ pane }) => pane),
          owner,
        )
      : []),
  ];
}

interface Home {
  readonly owner: Owner;
  readonly session: ObservedSession;
  readonly tmux: ObservedTmux;
}

function repairWindow(agent: DesiredAgent, pane: OwnPane, { owner, session, tmux }: Home): Action[] {
  const index = 1 + Math.max(-1, ...windowIndexes(tmux, session));
  const alone = pane.windowPanes === 1;
  const ownWindow = isWindowOf(pane, owner, agent.name);
  if (pane.sessionId !== session.id && alone) {
    // Their session would end with its last window.
    const last = tmux.sessions.find(({ id }) => id === pane.sessionId)?.windows === 1;
    return last ? [] : [{ type: 'MoveWindow', owner, pane: paneOf(pane), session: sessionRef(session), index }];
  }
  // In another session, a window for an agent of that name may be another project's.
  if (!alone && (!ownWindow || pane.sessionId !== session.id)) {
    return [{ type: 'BreakPane', owner, agent: agent.name, pane: paneOf(pane), session: sessionRef(session), index }];
  }
  const mark: Action[] = ownWindow ? [] : [{ type: 'MarkWindow', owner, agent: agent.name, pane: paneOf(pane) }];
  const rename: Action[] =
    pane.windowName === agent.name ? [] : [{ type: 'RenameWindow', owner, pane: paneOf(pane), name: agent.name }];
  return [...mark, ...rename];
}

/** Swaps our windows among their own places until they stand in the declared order; other windows stay where they are. */
function orderActions(panes: readonly OwnPane[], owner: Owner): Action[] {
  const actions: Action[] = [];
  const places = panes.map((pane) => pane.windowIndex).sort((a, b) => a - b);
  const standing = [...panes].sort((a, b) => a.windowIndex - b.windowIndex);
  for (const [place, wanted] of panes.entries()) {
    const present = standing[place];
    if (places[place] === undefined || present === undefined || present.windowId === wanted.windowId) continue;
    actions.push({ type: 'SwapWindows', owner, first: paneOf(present), second: paneOf(wanted) });
    standing[standing.indexOf(wanted)] = present;
    standing[place] = wanted;
  }
  return actions;
}

/** Takes out of tmux what is left of agents whose processes are gone, and never a person's window or pane. */
export function removeActions(plans: readonly AgentPlan[], tmux: ObservedTmux, owner: Owner): Action[] {
  return plans.flatMap((plan) => (plan.next.type === 'Remove' ? removePanes(plan, tmux, owner) : []));
}

function removePanes({ view }: AgentPlan, tmux: ObservedTmux, owner: Owner): Action[] {
  return tmux.panes
    .filter((pane) => pane.mark?.uid === owner.uid && pane.mark.agent === view.name)
    .map((pane) => ({ type: pane.windowPanes === 1 ? 'KillWindow' : 'KillPane', owner, pane: paneOf(pane) }));
}

/** Ends the session once all agents are gone; with a person's windows or panes in it, it is left to them. */
export function removeSession(plans: readonly AgentPlan[], { owner, fact, tmux }: Place): Action[] {
  if (!plans.every(isDown)) return [];
  const panes = plans.flatMap((plan) => removePanes(plan, tmux, owner));
  if (fact.type !== 'Up') return panes;
  const inside = tmux.panes.filter((pane) => pane.sessionId === fact.session.id);
  const guests = inside.filter((pane) => pane.mark?.uid !== owner.uid);
  const outside = tmux.panes.some((pane) => pane.mark?.uid === owner.uid && pane.sessionId !== fact.session.id);
  if (guests.length === 0 && !outside) return [{ type: 'KillSession', owner, session: sessionRef(fact.session) }];
  if (guests.length < inside.length || outside) return panes;
  const marked = guests.filter(({ windowUid }) => windowUid === owner.uid);
  const windows = [...new Map(marked.map((pane) => [pane.windowId, windowOf(pane)])).values()];
  return [{ type: 'ReleaseSession', owner, session: sessionRef(fact.session), windows }];
}

/** By the window's own mark. */
function isWindowOf({ windowUid, windowAgent }: ObservedPane, { uid }: Owner, agent: string): boolean {
  return windowUid === uid && windowAgent === agent;
}

function windowIndexes(tmux: ObservedTmux, session: ObservedSession): number[] {
  return tmux.panes.filter((pane) => pane.sessionId === session.id).map((pane) => pane.windowIndex);
}

function windowOf({ server, windowId }: { readonly server: string; readonly windowId: string }): WindowRef {
  return { server, id: windowId };
}

function paneOf({ server, id, pid }: ObservedPane): PaneRef {
  return { server, id, pid };
}

function sessionRef({ server, id }: ObservedSession): SessionRef {
  return { server, id };
}
