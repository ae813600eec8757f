/**
 * The hands: each action becomes one verb on the world. Every verb may be repeated, or fails harmlessly when the world
 * has changed since the look. This room looks at nothing on its own account.
 */
import { randomBytes } from 'node:crypto';
import type { Action, Owner } from '../api/action.ts';
import type { DesiredAgent, DesiredEnv } from '../api/desired.ts';
import { agentUid } from '../api/metadata.ts';
import { quote, sequence } from '../tmux/quote.ts';
import type { TmuxServer } from '../tmux/server.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import { arrangeLine, finishKeysLine } from './arrange.ts';
import { createSession, createWindow, respawnPane, splitWindow } from './create.ts';
import type { Fifos } from './fifos.ts';
import { NOT_OURS } from './guard.ts';
import type { Launch } from './launch.ts';
import type { ActionResult } from './result.ts';
import { type StartTimeOf, signalProcesses } from './signals.ts';

export interface HandsOptions {
  readonly server: (name: string) => Pick<TmuxServer, 'request' | 'state' | 'ensureUp'>;
  readonly features: TmuxFeatures;
  readonly fifos: Fifos;
  readonly startTimeOf: StartTimeOf;
  /** Values of an agent's variables; throws MuxletError MUX_SECRET_UNREADABLE. */
  readonly resolveEnv: (env: readonly DesiredEnv[]) => Promise<Readonly<Record<string, string>>>;
  /** Told while an agent is being started: whoever listens at the FIFO hears of its end. */
  readonly onLaunch: (project: string, run: string, fifo: string) => void;
  readonly now: () => number;
}

export interface Hands {
  carryOut(action: Action): Promise<ActionResult>;
}

/** No secrets, and no program gets far without them, whoever else names them. */
const NEEDED_BY_ALL = /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|TMPDIR|LANG|LC_.*|XDG_.*)$/;

export function createHands(options: HandsOptions): Hands {
  const { server, features } = options;

  async function launch(owner: Owner, agent: DesiredAgent, serverName: string): Promise<Launch> {
    await withdraw(agent, serverName);
    const run = `${options.now()}-${randomBytes(4).toString('hex')}`;
    const fifo = await options.fifos.of(agentUid(owner.uid, agent.name));
    return { owner, agent, run, fifo, variables: await options.resolveEnv(agent.env) };
  }

  /** What one agent is given out of our environment is withdrawn from the server's, which every agent inherits. */
  async function withdraw({ env }: DesiredAgent, serverName: string): Promise<void> {
    const names = env.flatMap((variable) => ('fromEnv' in variable ? [variable.fromEnv] : []));
    const secret = names.filter((name) => !NEEDED_BY_ALL.test(name));
    if (secret.length === 0) return;
    await server(serverName).request(sequence(secret.map((name) => ['set-environment', '-g', '-u', quote(name)])));
  }

  async function send(name: string, line: string): Promise<ActionResult> {
    const reply = await server(name).request(line);
    if (reply.type !== 'Done') return { ok: false, error: reply.error };
    return reply.lines.includes(NOT_OURS) ? { ok: false, error: 'it is not ours any more' } : { ok: true };
  }

  /** The line is on its way before anybody is told: nobody waits for that, and no process is that fast. */
  function start(name: string, line: string, launches: readonly Launch[]): Promise<ActionResult> {
    const sent = send(name, line);
    for (const { owner, run, fifo } of launches) options.onLaunch(owner.project, run, fifo);
    return sent;
  }

  async function create(action: Extract<Action, { readonly type: 'CreateSession' }>): Promise<ActionResult> {
    const state = await server(action.server).ensureUp();
    if (state.type !== 'Up') {
      return { ok: false, error: state.type === 'Unreachable' ? state.message : 'tmux is being started' };
    }
    const launches = await Promise.all(action.agents.map((agent) => launch(action.owner, agent, action.server)));
    const [first, ...others] = launches;
    if (first === undefined) return { ok: true };
    const { baseIndex } = state;
    const name = action.owner.project;
    return start(action.server, createSession({ name, launches: [first, ...others], baseIndex, features }), launches);
  }

  async function finish(action: Extract<Action, { readonly type: 'Finish' }>): Promise<ActionResult> {
    const { finish: way, process, pane } = action;
    if (way.signal !== undefined) return signalProcesses([process], `SIG${way.signal}`, options.startTimeOf);
    return send(pane.server, finishKeysLine(action));
  }

  async function perform(action: Action): Promise<ActionResult> {
    switch (action.type) {
      case 'CreateSession':
        return create(action);
      case 'CreateWindow': {
        const { server: name } = action.session;
        const one = await launch(action.owner, action.agent, name);
        return start(name, createWindow(action.session, action.index, one), [one]);
      }
      case 'SplitWindow': {
        const { server: name } = action.window;
        const one = await launch(action.owner, action.agent, name);
        return start(name, splitWindow(action.window, one), [one]);
      }
      case 'RespawnPane': {
        const { server: name } = action.pane;
        const one = await launch(action.owner, action.agent, name);
        return start(name, respawnPane(action.pane, one), [one]);
      }
      case 'Finish':
        return finish(action);
      case 'Signal':
        return signalProcesses(action.processes, `SIG${action.signal}`, options.startTimeOf);
      case 'WakeServer':
        return wake(action.server);
      case 'RenameSession':
      case 'KillSession':
      case 'ReleaseSession':
        return send(action.session.server, arrangeLine(action));
      case 'SwapWindows':
        return send(action.first.server, arrangeLine(action));
      case 'RenameWindow':
      case 'MarkWindow':
      case 'MoveWindow':
      case 'BreakPane':
      case 'KillPane':
      case 'KillWindow':
        return send(action.pane.server, arrangeLine(action));
    }
  }

  function wake(name: string): ActionResult {
    const state = server(name).state();
    const startTime = state.type === 'Up' ? options.startTimeOf(state.pid) : undefined;
    if (state.type !== 'Up' || startTime === undefined) return { ok: false, error: `tmux server ${name} is not up` };
    return signalProcesses([{ pid: state.pid, startTime }], 'SIGCHLD', options.startTimeOf);
  }

  return {
    async carryOut(action) {
      try {
        return await perform(action);
      } catch (error) {
        return { ok: false, error: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
