import type { Action, Owner } from '../../api/action.ts';
import type { ObservedPane, ObservedSession, ObservedTmux } from '../../api/observed.ts';
import { type AgentPlan, isDown } from './agent-plan.ts';
import { type Place, paneOf, sessionRef, windowOf } from './places.ts';

/** Takes out of tmux what is left of agents whose processes are gone, and never a person's window or pane. */
export function removeActions(plans: readonly AgentPlan[], tmux: ObservedTmux, owner: Owner): Action[] {
  return plans.flatMap((plan) => (plan.next.type === 'Remove' ? removePanes(plan, tmux, owner) : []));
}

function removePanes({ view }: AgentPlan, tmux: ObservedTmux, owner: Owner): Action[] {
  return tmux.panes
    .filter(({ mark }) => mark?.uid === owner.uid && mark.agent === view.name)
    .map((pane) => removePane(pane, owner));
}

/** Ends the session once all agents are gone; with a person's windows or panes in it, it is left to them. */
export function removeSession(plans: readonly AgentPlan[], { owner, fact, tmux }: Place): Action[] {
  if (!plans.every(isDown)) return [];
  const placeholders = tmux.panes.filter(({ placeholderOf }) => placeholderOf === owner.uid);
  const ours = [...tmux.panes.filter(({ mark }) => mark?.uid === owner.uid), ...placeholders];
  const panes = plans.flatMap((plan) => removePanes(plan, tmux, owner));
  const removal = [...panes, ...placeholders.map((pane) => removePane(pane, owner))];
  if (fact.type !== 'Up') return removal;
  const { session } = fact;
  const guests = tmux.panes.filter((pane) => pane.sessionId === session.id && !ours.includes(pane));
  const outside = ours.some((pane) => pane.sessionId !== session.id);
  if (guests.length === 0 && !outside) return [{ type: 'KillSession', owner, session: sessionRef(session) }];
  if (ours.length > 0) return removal;
  const marked = guests.filter(({ windowUid }) => windowUid === owner.uid);
  const windows = [...new Map(marked.map((pane) => [pane.windowId, windowOf(pane)])).values()];
  const name = session.name === owner.project ? { name: releasedName(session) } : {};
  return [{ type: 'ReleaseSession', owner, session: sessionRef(session), ...name, windows }];
}

/** A name that no project can have, and no other session of the server. */
function releasedName({ id, name }: ObservedSession): string {
  return `${name}~${id.slice(1)}`;
}

function removePane(pane: ObservedPane, owner: Owner): Action {
  return { type: pane.windowPanes === 1 ? 'KillWindow' : 'KillPane', owner, pane: paneOf(pane) };
}
