import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFifos } from '../../../controller/act/fifos.ts';
import { createHands } from '../../../controller/act/hands.ts';
import type { Action } from '../../../controller/api/action.ts';
import type { ObservedPane, ObservedTmux } from '../../../controller/api/observed.ts';
import { systemClock } from '../../../controller/exec/clock.ts';
import { runCommand } from '../../../controller/exec/run-command.ts';
import { tmuxEnvironment } from '../../../controller/tmux/environment.ts';
import { featuresOf, parseVersion, type TmuxFeatures } from '../../../controller/tmux/version.ts';
import { createTmuxWorld } from '../../../controller/wiring/tmux-world.ts';

export interface RealTmux {
  readonly directory: string;
  carryOut(action: Action): Promise<{ readonly ok: boolean; readonly error?: string }>;
  look(project: string): Promise<ObservedTmux>;
  /** The pane of an agent, once it is as `wanted`. */
  pane(project: string, agent: string, wanted?: (pane: ObservedPane) => boolean): Promise<ObservedPane>;
  /** What a person types at a shell: `tmux …` on the same server. */
  person(...args: string[]): Promise<string>;
  readonly server: string;
}

/** A tmux server of its own, with the real eyes and hands on it; all of it is gone afterwards. */
export async function withTmux(
  body: (tmux: RealTmux) => Promise<void>,
  features?: Partial<TmuxFeatures>,
  /** Whether programs are known to be there. */
  isSure = false,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'muxlet-contract-'));
  const server = `contract-${randomBytes(5).toString('hex')}`;
  const env = { ...process.env, TMUX_TMPDIR: directory };
  const version = parseVersion((await runCommand('tmux', ['-V'], { timeoutMs: 5000, env })).stdout);
  if (version === undefined) throw new Error('no tmux');
  const known = { ...featuresOf(version), ...features };
  const nothing = (): void => undefined;
  const hooks = {
    onNotification: nothing,
    onReply: nothing,
    onState: nothing,
    onStart: nothing,
    onSuspect: nothing,
    onLook: nothing,
  };
  const world = createTmuxWorld({ socket: server, env, features: known, hooks });
  const hands = createHands({
    server: world.servers.get,
    features: known,
    fifos: createFifos(join(directory, 'agents'), tmuxEnvironment(env)),
    startTimeOf: world.startTimeOf,
    launches: {
      prepare: ({ agent: { argv, env: own } }) =>
        Promise.resolve({
          argv,
          isSure,
          variables: Object.fromEntries(own.map((item) => [item.name, 'value' in item ? item.value : ''])),
        }),
    },
    onLaunch: nothing,
    now: systemClock.now,
  });

  async function look(project: string): Promise<ObservedTmux> {
    const request = {
      project,
      server: undefined,
      agents: undefined,
      notBefore: systemClock.steady(),
      knownEnds: new Set<string>(),
    };
    const found = await world.eyes.project(request);
    if (found.state === 'Unknown') throw new Error(found.message);
    return found.value;
  }

  const tmux: RealTmux = {
    directory,
    server,
    carryOut: hands.carryOut,
    look,
    async pane(project, agent, wanted = () => true) {
      const end = Date.now() + 5000;
      for (;;) {
        const { panes } = await look(project);
        const own = panes.find(({ mark }) => mark?.agent === agent && mark.project === project);
        if (own !== undefined && wanted(own)) return own;
        if (Date.now() > end) throw new Error(`no such pane of ${agent}: ${JSON.stringify(panes)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async person(...args) {
      const result = await runCommand('tmux', ['-L', server, '-f', '/dev/null', ...args], {
        timeoutMs: 5000,
        env: tmuxEnvironment(env),
      });
      if (!result.ok) throw new Error(`tmux ${args.join(' ')}: ${result.stderr}`);
      return result.stdout;
    },
  };
  try {
    await world.servers.discover();
    await world.servers.get(server).ensureUp();
    await body(tmux);
  } finally {
    await world.servers.close();
    await runCommand('tmux', ['-L', server, 'kill-server'], { timeoutMs: 5000, env: tmuxEnvironment(env) });
    // Agents that were just ended may still write a last file; what cannot be removed must not hide what failed.
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }).catch(() => undefined);
  }
}
