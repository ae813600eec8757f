/**
 * The hands: each action becomes one verb on the world. Every verb may be repeated, or fails harmlessly when the world
 * has changed since the look. This room looks at nothing on its own account.
 */
import { randomUUID } from 'node:crypto';
import type { Action, Owner } from '../api/action.ts';
import type { DesiredAgent } from '../api/desired.ts';
import type { FinishRequest } from '../api/finish-request.ts';
import { agentUid } from '../api/metadata.ts';
import type { WorkTreesRequest } from '../api/work-trees-request.ts';
import { isNeededByAll } from '../tmux/environment.ts';
import { quote, sequence } from '../tmux/quote.ts';
import type { TmuxServer } from '../tmux/server.ts';
import type { TmuxFeatures } from '../tmux/version.ts';
import type { LaunchPreparer } from './agent/prepare-launch.ts';
import { answerDialog } from './answer.ts';
import { arrangeLine, finishKeysLine } from './arrange.ts';
import { createSession, createWindow, respawnPane, restoreSession, splitWindow } from './create.ts';
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
  readonly launches: Pick<LaunchPreparer, 'prepare'>;
  /** Told while an agent is being started with a FIFO: whoever listens at it hears of the end. */
  readonly onLaunch: (project: string, run: string, fifo: string) => void;
  /** Begins a round and does not wait for it; one that is under way is no error. */
  readonly finishWork?: (request: FinishRequest) => ActionResult;
  /** Begins, and does not wait for it; what is so already is no error. */
  readonly arrangeWorkTrees?: (request: WorkTreesRequest) => ActionResult;
  readonly now: () => number;
  /** Goes into the marks of sessions: which controller made them. */
  readonly home?: string;
}

export interface Hands {
  carryOut(action: Action): Promise<ActionResult>;
}

export function createHands(options: HandsOptions): Hands {
  const { server, features, home } = options;

  async function launch(owner: Owner, agent: DesiredAgent, serverName: string): Promise<Launch> {
    await withdraw(agent, serverName);
    const run = `${options.now()}-${randomUUID().slice(0, 8)}`;
    const fifo = await options.fifos.of(agentUid(owner.uid, agent.name));
    return { owner, agent, run, fifo, ...(await options.launches.prepare({ owner, agent, run })) };
  }

  /**
   * What one agent is given out of our environment is withdrawn from the server's, which every agent inherits: a server
   * that we did not start may know it.
   */
  async function withdraw({ env }: DesiredAgent, serverName: string): Promise<void> {
    const names = env.flatMap((variable) => ('fromEnv' in variable ? [variable.fromEnv] : []));
    const secret = names.filter((name) => !isNeededByAll(name));
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
    for (const { owner, run, fifo } of launches) if (fifo !== undefined) options.onLaunch(owner.project, run, fifo);
    return sent;
  }

  async function create(action: Extract<Action, { readonly type: 'CreateSession' }>): Promise<ActionResult> {
    const state = await server(action.server).ensureUp();
    if (state.type !== 'Up') {
      return { ok: false, error: state.type === 'Unreachable' ? state.message : 'tmux is being started' };
    }
    const prepared = await Promise.allSettled(action.agents.map((agent) => launch(action.owner, agent, action.server)));
    const launches = prepared.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failures = prepared.flatMap((result) => (result.status === 'rejected' ? [textOf(result.reason)] : []));
    const [first, ...others] = launches;
    const { baseIndex } = state;
    const name = action.owner.project;
    // One that cannot be started keeps no other from it: it gets its window once it can.
    const started: ActionResult =
      first === undefined
        ? { ok: true }
        : await start(
            action.server,
            createSession({
              name,
              launches: [first, ...others],
              baseIndex,
              features,
              ...(home !== undefined && { home }),
            }),
            launches,
          );
    return failures.length === 0 ? started : { ok: false, error: [started.error ?? [], failures].flat().join('; ') };
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
      case 'RestoreSession':
        return send(action.server, restoreSession(action.owner, home));
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
      case 'Answer':
        return answerDialog(action, { request: server(action.pane.server).request, startTimeOf: options.startTimeOf });
      case 'Signal':
        return signalProcesses(action.processes, `SIG${action.signal}`, options.startTimeOf);
      case 'WakeServer':
        return wake(action.server);
      case 'ArrangeWorkTrees':
        return options.arrangeWorkTrees?.(action.request) ?? { ok: false, error: 'nobody does that here' };
      case 'FinishWork':
        return options.finishWork?.(action.request) ?? { ok: false, error: 'nobody does that here' };
      case 'RenameSession':
      case 'KillSession':
      case 'ReleaseSession':
        return send(action.session.server, arrangeLine(action));
      case 'SwapWindows':
        return send(action.first.server, arrangeLine(action));
      case 'RenameWindow':
      case 'MarkWindow':
      case 'MoveWindow':
      case 'LinkWindow':
      case 'BreakPane':
      case 'KillPane':
      case 'KillWindow':
      case 'RemovePlaceholder':
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
        return { ok: false, error: textOf(error) };
      }
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
