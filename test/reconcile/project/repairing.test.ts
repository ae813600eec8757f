import { expect, test } from 'vitest';
import type { Action } from '../../../controller/api/action.ts';
import type { ObservedPane, ObservedSession } from '../../../controller/api/observed.ts';
import type { AgentPlan } from '../../../controller/reconcile/project/agent-plan.ts';
import { findSession } from '../../../controller/reconcile/project/places.ts';
import { removeSession } from '../../../controller/reconcile/project/removing.ts';
import { repairActions } from '../../../controller/reconcile/project/repairing.ts';

const OWNER = { project: 'web', uid: 'u' };
const HOME: ObservedSession = { server: 'main', id: '$1', name: 'web', uid: 'u', project: 'web', windows: 1 };
const MINE: ObservedSession = { server: 'main', id: '$2', name: 'mine', windows: 1 };

let ids = 0;

function pane(sessionId: string, rest: Partial<ObservedPane> = {}): ObservedPane {
  ids += 1;
  const at = { server: 'main', sessionId, windowId: `@${ids}`, windowIndex: ids, windowName: 'sh', windowPanes: 1 };
  return { ...at, id: `%${ids}`, pid: ids, process: 'Alive', dead: false, ...rest };
}

function agentPane(name: string, sessionId: string, rest: Partial<ObservedPane> = {}): ObservedPane {
  const mark = { ...OWNER, agent: name, hash: 'h', run: '1-a' };
  return pane(sessionId, { windowName: name, windowAgent: name, windowUid: 'u', mark, ...rest });
}

function placeholder(sessionId: string): ObservedPane {
  return pane(sessionId, { pid: 0, dead: true, process: 'Unknown', placeholderOf: 'u', windowName: '_placeholder' });
}

function place(panes: readonly ObservedPane[], sessions: readonly ObservedSession[]) {
  const counted = sessions.map((session) => {
    const own = panes.filter(({ sessionId }) => sessionId === session.id);
    return { ...session, windows: new Set(own.map(({ windowId }) => windowId)).size };
  });
  const tmux = { panes, sessions: counted };
  return { owner: OWNER, server: 'main', fact: findSession(tmux, 'web', 'u'), tmux };
}

function plansOf(panes: readonly ObservedPane[], next: AgentPlan['next']['type'] = 'Keep'): AgentPlan[] {
  return panes.flatMap((own) => {
    const name = own.mark?.agent;
    if (name === undefined) return [];
    return [{ view: { name, desired: { name }, life: { type: 'Running', pane: own } }, next: { type: next } }];
  }) as unknown as AgentPlan[];
}

/** What is planned, each in a word, with the agent that it concerns. */
function told(actions: readonly Action[], panes: readonly ObservedPane[]): string[] {
  return actions.map((action) => {
    const own = 'pane' in action ? panes.find(({ id }) => id === action.pane.id) : undefined;
    const index = 'index' in action ? ` to ${action.index}` : '';
    return `${action.type}${own === undefined ? '' : ` ${own.mark?.agent ?? own.windowName}`}${index}`;
  });
}

function repairs(panes: readonly ObservedPane[], sessions: readonly ObservedSession[]): string[] {
  return told(repairActions(plansOf(panes), place(panes, sessions)), panes);
}

test('[S36] a session that ended with the moving of all its windows is made again, and nothing else at once', () => {
  expect(repairs([pane('$2'), agentPane('dev', '$2'), agentPane('ops', '$2')], [MINE])).toEqual(['RestoreSession']);
});

test('[S36] where no agent has a pane there is nothing to make a session around', () => {
  expect(repairs([pane('$2')], [MINE])).toEqual([]);
});

test('[S36] windows are brought back to places of their own, and the placeholder stays until all are there', () => {
  const hold = placeholder('$1');
  const [dev, ops] = [agentPane('dev', '$2'), agentPane('ops', '$2')];
  const free = hold.windowIndex + 1;
  const away = [hold, pane('$2'), dev, ops];
  expect(repairs(away, [HOME, MINE])).toEqual([`MoveWindow dev to ${free}`, `MoveWindow ops to ${free + 1}`]);
  const half = [hold, pane('$2'), { ...dev, sessionId: '$1', windowIndex: free }, ops];
  expect(repairs(half, [HOME, MINE])).toEqual([`MoveWindow ops to ${free + 2}`]);
  const back = [hold, dev, ops].map((one, at) => ({ ...one, sessionId: '$1', windowIndex: hold.windowIndex + at }));
  expect(repairs(back, [HOME])).toEqual(['RemovePlaceholder _placeholder']);
});

test("[S36] a person's session that has nothing but our windows keeps the last one", () => {
  const panes = [placeholder('$1'), agentPane('dev', '$2'), agentPane('ops', '$2')];
  expect(repairs(panes, [HOME, MINE]).map((action) => action.replace(/ to .*/, ''))).toEqual([
    'MoveWindow dev',
    'LinkWindow ops',
  ]);
});

test('[S36] the last pane is not broken out of a window that would go with it', () => {
  const at = { windowId: '@shared', windowPanes: 2, windowAgent: 'x' };
  const panes = [placeholder('$1'), agentPane('dev', '$2', at), agentPane('ops', '$2', at)];
  expect(repairs(panes, [HOME, MINE]).map((action) => action.replace(/ to .*/, ''))).toEqual(['BreakPane dev']);
});

test('a placeholder that is the last window of its session stays', () => {
  expect(repairs([placeholder('$2'), pane('$1'), agentPane('dev', '$1')], [HOME, MINE])).toEqual([]);
});

test('a placeholder is no guest: it goes with the project, before a session that has guests is released', () => {
  const hold = placeholder('$1');
  const removal = (panes: readonly ObservedPane[]): string[] =>
    told(removeSession(plansOf(panes, 'Remove'), place(panes, [HOME])), panes);
  expect(removal([hold])).toEqual(['KillSession']);
  expect(removal([hold, pane('$1')])).toEqual(['KillWindow _placeholder']);
  expect(removal([pane('$1')])).toEqual(['ReleaseSession']);
});
