import type { Action, Owner } from '../../api/action.ts';
import type { AgentPlan } from './agent-plan.ts';
import { freeIndex, isWindowOf, type Place, paneOf, sessionRef, windowOf } from './places.ts';

/** Gives a process to every agent that is to be started now: in its pane, its window, its session, or all of them anew. */
export function startActions(plans: readonly AgentPlan[], { owner, server, fact, tmux }: Place): Action[] {
  const starting = plans.filter(({ next }) => next.type === 'Start');
  const inPane = starting.flatMap((plan) => respawn(plan, owner));
  const homeless = starting.flatMap(({ view }) =>
    view.life.type === 'Missing' && view.desired !== undefined ? [view.desired] : [],
  );
  if (homeless.length === 0 || fact.type === 'Conflict') return inPane;
  if (fact.type === 'Missing') return [...inPane, { type: 'CreateSession', owner, server, agents: homeless }];
  const { session } = fact;
  const firstFree = freeIndex(tmux, session);
  const created = homeless.map((agent, offset): Action => {
    const window = tmux.panes.find((pane) => isWindowOf(pane, owner, agent.name) && pane.sessionId === session.id);
    if (window !== undefined) return { type: 'SplitWindow', owner, agent, window: windowOf(window) };
    return { type: 'CreateWindow', owner, agent, session: sessionRef(session), index: firstFree + offset };
  });
  return [...inPane, ...created];
}

function respawn({ view }: AgentPlan, owner: Owner): Action[] {
  const { life, desired: agent } = view;
  if (life.type === 'Missing' || agent === undefined) return [];
  return [{ type: 'RespawnPane', owner, agent, pane: paneOf(life.pane) }];
}
