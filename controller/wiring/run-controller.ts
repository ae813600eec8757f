/** The life of a controller: the right to act, the start, the wait, the end. */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Key, kindOf, nameOf } from '../api/key.ts';
import { systemClock } from '../exec/clock.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createServer } from '../server/server.ts';
import { socketDirectory } from '../tmux/socket.ts';
import { assemble } from './assemble.ts';
import { takeLead } from './locks.ts';
import type { Log } from './log.ts';
import { untilConverged } from './once.ts';
import { findTmux } from './preflight.ts';
import { findReboot } from './reboot.ts';
import { keepTold } from './service-manager.ts';
import type { RunSettings } from './settings.ts';
import { endStaleClients } from './stale-clients.ts';
import { liveness, readiness, summaryOf } from './summary.ts';
import { atMost, given } from './wait.ts';

/** What is in hand at the end may take so long, in milliseconds. */
const DRAIN_MS = 3500;
/** So long what is written last may take, in milliseconds. */
const LAST_WRITES_MS = 1000;
/** So long receivers of Alerts are told at the end of a single run, in milliseconds; the next run tells the rest. */
const TELLING_MS = 10_000;

/**
 * At rest V8 takes the space for young objects back to 1 MB, and doubles it only after as much has outlived a collection:
 * meanwhile what a look needs for a moment is taken for old, and all of the heap is gone through for it, twice a minute
 * at 1,500 panes (--trace-gc: half of all processor time). In one step it has its whole size again (16 MB as a rule).
 */
const YOUNG_SPACE = '--semi-space-growth-factor=16';

/** Runs until the signal, or with `once` until all is converged; gives the exit code. */
export async function runController(
  settings: RunSettings,
  env: Readonly<Record<string, string | undefined>>,
  log: Log,
  stop: AbortSignal,
): Promise<number> {
  const { now } = systemClock;
  const startedAt = now();
  setFlagsFromString(YOUNG_SPACE);
  const tmux = await findTmux(env);
  const directory = socketDirectory(env, process.getuid?.() ?? 0);
  const lead = await takeLead({
    stateLock: join(settings.state, 'lock'),
    // Not NAME.lock: tmux itself locks that one while a client starts the server.
    tmuxLock: join(directory, `${settings.socket}.muxlet-lock`),
    stateDir: settings.state,
    tmuxSocket: settings.socket,
    now,
  });
  const { version, socket } = settings;
  const metrics = createMetrics({ version, node: process.version, tmux: tmux.version, servers: [socket] });
  metrics.leaderHooks.onLeader(true);
  const ending = new AbortController();
  const loaded = new AbortController();
  const signal = AbortSignal.any([stop, ending.signal]);
  let leads = true;

  async function mayAct(): Promise<boolean> {
    if (leads && (await lead.check())) return true;
    if (leads) log.error('lost the lock to another controller; ending', { code: 'MUX_LOCK_LOST' });
    leads = false;
    metrics.leaderHooks.onLeader(false);
    ending.abort();
    return false;
  }

  const onLoaded = (): void => {
    loaded.abort();
  };
  const { rebootedAt, isNew } = await findReboot(settings.state, now());
  const parts = assemble({ settings, env, log, metrics, features: tmux.features, mayAct, onLoaded, rebootedAt });
  const { controller, specs, state, world } = parts;
  if (isNew) {
    const message = 'the machine was started anew: what ran goes on, two projects at a time';
    state.recordEvent({ kind: 'Controller', name: 'muxlet' }, { type: 'Normal', reason: 'Rebooted', message });
    log.info(message);
  }
  const stale = await endStaleClients(world.table, join(directory, socket));
  if (stale.length > 0) log.warn('ended control clients of an earlier controller', { pids: stale });
  await world.servers.discover();
  if (!signal.aborted) parts.deaths.start(signal);

  const standing = { ...parts, isLeader: () => leads, startedAt, now };
  metrics.collect(() => summaryOf(standing));
  const server = createServer({
    metrics: metrics.render,
    live: () => liveness(standing),
    ready: () => readiness(standing),
    pushed: parts.pushed,
  });
  let running: Promise<void> = Promise.resolve();

  async function serve({ address, port }: { readonly address: string; readonly port: number }): Promise<void> {
    const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    lead.announce(place);
    state.putAddress(place);
    await given(AbortSignal.any([loaded.signal, signal]));
    settings.announce(place, specs.keys().filter(isProject).map(nameOf));
    await given(signal);
    // Who took the lock from us has written its own.
    if (await mayAct()) state.putAddress(undefined);
  }

  let converged = true;
  let told: Promise<void> = Promise.resolve();
  try {
    // Before anything is made: a port that is taken is a reason not to begin.
    const listening = settings.once ? undefined : await server.listen(settings.host, settings.port);
    // Ended while it began: what is begun with a signal that was given already, nobody would take down.
    if (!signal.aborted) await parts.startMessages(signal);
    if (!signal.aborted) {
      parts.leftovers.start(signal);
      running = controller.run(signal);
      told = keepTold(settings.notify, { standing, path: env['PATH'], log }, signal);
    }
    if (listening !== undefined) await serve(listening);
    else {
      const { timeoutMs } = settings;
      converged = await untilConverged({ specs, state, controller, clock: systemClock, timeoutMs }, signal);
      if (leads) await parts.tellAll(TELLING_MS);
    }
  } finally {
    ending.abort();
    await atMost(DRAIN_MS, Promise.all([running, told]));
    await server.close();
    await parts.close();
    // As long as something of ours is on its way to the disk, nobody else is to write there.
    await atMost(LAST_WRITES_MS, state.written().then(lead.release));
  }
  return leads && converged ? 0 : 1;
}

function isProject(key: Key): boolean {
  return kindOf(key) === 'Project';
}
