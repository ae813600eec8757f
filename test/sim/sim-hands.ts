/** Hands for the simulated machine: each action does what the real verb does, guards included. */
import type { Action, Owner, PaneRef, PlacedPaneRef } from '../../controller/api/action.ts';
import type { DesiredAgent } from '../../controller/api/desired.ts';
import type { ActionResult } from '../../controller/runtime/ports.ts';
import { type Launch, type Machine, type Place, type Program, type SimSession, startServer } from './machine.ts';
import type { Oracle } from './oracle.ts';
import { signal, wakeServer } from './processes.ts';
import * as tmux from './tmux-verbs.ts';

export interface SimHandsOptions {
  readonly machine: Machine;
  readonly oracle: Oracle;
  readonly newRun: () => string;
}

const OK: ActionResult = { ok: true };
const NOT_OURS: ActionResult = { ok: false, error: 'it is not ours any more' };

/** Carries an action out on the spot; what delays it, loses it or hides its outcome is not this file's business. */
export function applyAction(action: Action, options: SimHandsOptions): ActionResult {
  const { machine, oracle } = options;
  if (action.type === 'Signal') {
    for (const { pid, startTime } of action.processes) {
      const process = machine.processes.get(pid);
      if (process === undefined || process.startTime !== startTime) continue;
      oracle.signalled(process, action.signal);
      signal(machine, process, action.signal);
    }
    return OK;
  }
  if (machine.unknownUntil > machine.clock.elapsed() || machine.deafUntil > machine.clock.elapsed()) {
    return { ok: false, error: 'tmux did not answer' };
  }
  if (action.type === 'CreateSession') return createSession(action, options);
  if (!machine.up) return { ok: false, error: 'no server' };
  return arrange(action, options);
}

function launchOf(owner: Owner, agent: DesiredAgent, { newRun }: SimHandsOptions): Launch {
  const { launchHash: hash, argv } = agent;
  return { ...owner, agent: agent.name, class: agent.class, run: newRun(), hash, program: argv[0] as Program };
}

function createSession(
  { owner, agents }: Extract<Action, { type: 'CreateSession' }>,
  options: SimHandsOptions,
): ActionResult {
  const { machine } = options;
  startServer(machine);
  const session = tmux.newSession(machine, owner.project, true);
  if (session === undefined) return { ok: false, error: `duplicate session: ${owner.project}` };
  session.project = owner.project;
  session.mark = `${session.id} ${owner.uid} ${owner.project}`;
  for (const [index, agent] of agents.entries()) addWindow(session, index, launchOf(owner, agent, options), machine);
  return OK;
}

/** Around agents that run elsewhere. */
function restoreSession({ uid, project }: Owner, machine: Machine): ActionResult {
  const session = tmux.newSession(machine, project, true);
  if (session === undefined) return { ok: false, error: `duplicate session: ${project}` };
  session.project = project;
  session.mark = `${session.id} ${uid} ${project}`;
  tmux.newPlaceholder(machine, session, uid, project);
  return OK;
}

function addWindow(session: SimSession, index: number, launch: Launch, machine: Machine): ActionResult {
  const window = tmux.newWindow(machine, session, { name: launch.agent, index, launch });
  if (window === undefined) return { ok: false, error: `index in use: ${index}` };
  tmux.markWindow(window, launch);
  for (const pane of window.panes) tmux.markPane(pane, launch);
  return OK;
}

/** Whether a pane stands in it that is not ours. */
function hasGuests({ windows }: SimSession, { uid }: Owner): boolean {
  const panes = [...windows.values()].flatMap((window) => window.panes);
  return panes.some(({ id, mark }) => mark?.startsWith(`${id} ${uid} `) !== true);
}

type Arranging = Exclude<Action, { type: 'Signal' | 'CreateSession' }>;

function arrange(action: Arranging, options: SimHandsOptions): ActionResult {
  const { machine, oracle } = options;
  const pane = (ref: PaneRef, owner: Owner): Place | undefined => {
    const place = tmux.findPane(machine, ref.id);
    const isOurs = place?.pane.mark?.startsWith(`${ref.id} ${owner.uid} `) === true && place.pane.pid === ref.pid;
    return isOurs ? place : undefined;
  };
  const session = (ref: { readonly id: string }, owner: Owner): SimSession | undefined => {
    const found = machine.sessions.get(ref.id);
    return found?.mark?.startsWith(`${ref.id} ${owner.uid} `) === true ? found : undefined;
  };
  const placedPane = (ref: PlacedPaneRef, owner: Owner): Place | undefined =>
    pane(ref, owner) === undefined ? undefined : tmux.findPlacedPane(machine, ref);
  switch (action.type) {
    case 'RestoreSession':
      return restoreSession(action.owner, machine);
    case 'CreateWindow': {
      const home = session(action.session, action.owner);
      if (home === undefined) return NOT_OURS;
      return addWindow(home, action.index, launchOf(action.owner, action.agent, options), machine);
    }
    case 'SplitWindow': {
      const home = tmux.findWindow(machine, action.window.id)?.window;
      if (home?.mark?.startsWith(`${home.id} ${action.owner.uid} `) !== true) return NOT_OURS;
      const launch = launchOf(action.owner, action.agent, options);
      tmux.markPane(tmux.newPane(machine, home, { launch }), launch);
      tmux.markWindow(home, launch);
      return OK;
    }
    case 'RespawnPane': {
      const place = pane(action.pane, action.owner);
      if (place === undefined) return NOT_OURS;
      if (!place.pane.dead) return { ok: false, error: 'pane still active' };
      const launch = launchOf(action.owner, action.agent, options);
      tmux.fill(machine, place.pane, { launch });
      tmux.markPane(place.pane, launch);
      return OK;
    }
    case 'RenameSession': {
      const found = session(action.session, action.owner);
      if (found === undefined) return NOT_OURS;
      if (tmux.byName(machine, action.name) !== undefined) return { ok: false, error: 'duplicate session' };
      oracle.renamed(found.ours, `session ${found.name}`);
      found.name = action.name;
      return OK;
    }
    case 'RenameWindow':
    case 'MarkWindow': {
      const place = pane(action.pane, action.owner);
      if (place === undefined) return NOT_OURS;
      oracle.renamed(
        place.window.panes.some(({ mark }) => mark !== undefined),
        `window ${place.window.name}`,
      );
      if (action.type === 'RenameWindow') place.window.name = action.name;
      else tmux.markWindow(place.window, { ...action.owner, agent: action.agent });
      return OK;
    }
    case 'MoveWindow':
    case 'LinkWindow': {
      const place = placedPane(action.pane, action.owner);
      const to = machine.sessions.get(action.session.id);
      if (place === undefined) return NOT_OURS;
      if (to === undefined) return { ok: false, error: `can't find session` };
      const isMove = action.type === 'MoveWindow';
      if (isMove && place.session.windows.size === 1) return NOT_OURS;
      const error = (isMove ? tmux.moveWindow : tmux.linkWindow)(machine, place, to, action.index);
      return error === undefined ? OK : { ok: false, error };
    }
    case 'BreakPane': {
      const place = pane(action.pane, action.owner);
      const to = machine.sessions.get(action.session.id);
      if (place === undefined || place.window.panes.length === 1) return NOT_OURS;
      if (to === undefined) return { ok: false, error: `can't find session` };
      const error = tmux.breakPane(machine, place, to, { index: action.index, name: action.agent });
      if (error !== undefined) return { ok: false, error };
      const now = tmux.findPane(machine, action.pane.id)?.window;
      if (now !== undefined) tmux.markWindow(now, { ...action.owner, agent: action.agent });
      return OK;
    }
    case 'SwapWindows': {
      const first = placedPane(action.first, action.owner);
      const second = placedPane(action.second, action.owner);
      if (first === undefined || second === undefined) return NOT_OURS;
      tmux.swapWindows(first, second);
      return OK;
    }
    case 'RemovePlaceholder': {
      const place = placedPane(action.pane, action.owner);
      if (place === undefined || place.session.windows.size === 1) return NOT_OURS;
      oracle.removed([place.pane]);
      tmux.killPane(machine, place);
      return OK;
    }
    case 'KillPane':
    case 'KillWindow': {
      const place = pane(action.pane, action.owner);
      if (place === undefined) return NOT_OURS;
      if (action.type === 'KillWindow' && place.window.panes.length > 1) return NOT_OURS;
      oracle.removed(action.type === 'KillPane' ? [place.pane] : place.window.panes);
      if (action.type === 'KillPane') tmux.killPane(machine, place);
      else tmux.killWindow(machine, place.window);
      return OK;
    }
    case 'KillSession': {
      const found = session(action.session, action.owner);
      if (found === undefined || hasGuests(found, action.owner)) return NOT_OURS;
      const lost = [...found.windows.values()].filter((window) => tmux.linksOf(machine, window).length === 1);
      oracle.removed(lost.flatMap((window) => window.panes));
      tmux.killSession(machine, found);
      return OK;
    }
    case 'ReleaseSession': {
      const found = session(action.session, action.owner);
      if (found === undefined) return NOT_OURS;
      found.mark = found.project = undefined;
      for (const { id } of action.windows) {
        const window = tmux.findWindow(machine, id)?.window;
        if (window !== undefined) window.mark = undefined;
      }
      found.ours = false;
      if (action.name !== undefined) found.name = action.name;
      return OK;
    }
    case 'ArrangeWorkTrees':
    case 'FinishWork':
      return { ok: false, error: 'there is no git in this world' };
    case 'WakeServer':
      wakeServer(machine);
      return OK;
    case 'Finish':
      return { ok: false, error: 'no class here has a way to finish' };
    case 'Answer':
      return { ok: false, error: 'no class here has dialogs' };
  }
}
