import { setTimeout } from 'node:timers/promises';
import { signalProcesses } from '../act/signals.ts';
import { MuxletError } from '../api/errors.ts';
import { kindOf, nameOf } from '../api/key.ts';
import type { ProcessRef } from '../api/observed.ts';
import type { Places, RescuePort } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import { isKnownGone } from '../observe/git/or-nothing.ts';
import { findHiddenServer } from '../observe/hidden-server.ts';
import type { ProcessTable } from '../observe/process-table.ts';
import { readKnownRepositories } from '../store/state/known-repositories.ts';
import { readState } from '../store/state/read-state.ts';
import { loadSpecs } from './read-only-specs.ts';
import { createReadOnlyTmux, type ReadOnlyTmux } from './read-only-tmux.ts';
import { lookAtRepositories } from './repositories.ts';
import { controllerPid, serverPids } from './spared.ts';
import { homeMark, inventoryUids, lookAtWorld } from './world.ts';

export interface RescueOptions {
  readonly presets: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Between TERM and KILL, and how long the end of a killed process may take; milliseconds. */
const GRACE_MS = 10_000;
const KILLED_MS = 3000;
const LOOK_MS = 100;
const METRICS_MS = 5000;

/** What verbs need to see and end what is left over, with a controller beside them or without. */
export function createRescue({ presets, env }: RescueOptions): RescuePort {
  return {
    async world(places) {
      const specs = await loadSpecs(places, presets);
      const reader = readState(places.state);
      const tmux = createReadOnlyTmux(places.socket, env);
      const own = await serverPids(tmux);
      const spared = sparedBy(tmux, places, own);
      const world = await lookAtWorld({
        home: places,
        specs,
        objects: () => [...reader.objects().values()],
        inventory: () => inventoryUids(reader.inventory()),
        panes: tmux.eyes.everything,
        processes: tmux.processEyes(spared).all,
        async unseen(processes) {
          const hidden = await findHiddenServer(tmux.table, processes, own);
          if (hidden === undefined) return undefined;
          return `process ${hidden} is a tmux server with agents, and its socket is not in ${tmux.directory}`;
        },
      });
      const { objects } = world;
      const paths = await repositoriesOf(places.state, specs);
      return {
        ...world,
        ...(await lookAtRepositories({ home: homeMark(places.state), paths, objects, now: systemClock.now })),
      };
    },
    async endProcesses({ uid, runs }, places) {
      const tmux = createReadOnlyTmux(places.socket, env);
      const eyes = tmux.processEyes(sparedBy(tmux, places, await serverPids(tmux)));
      return endAll(tmux.table, async () => {
        const look = await eyes.look(uid, 0);
        if (look.state === 'Unknown')
          throw new MuxletError('MUX_COMMAND_FAILED', `${look.message}; nothing more was ended`);
        return look.value.filter(({ run }) => runs.has(run));
      });
    },
    async metrics(address) {
      try {
        const response = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(METRICS_MS) });
        return await response.text();
      } catch {
        return undefined;
      }
    },
  };
}

/** Where work trees of this controller's projects are, or were. */
async function repositoriesOf(state: string, specs: Awaited<ReturnType<typeof loadSpecs>>): Promise<readonly string[]> {
  const wanted = specs.keys().flatMap((key) => {
    const desired = kindOf(key) === 'Project' ? specs.desiredProject(nameOf(key)) : undefined;
    const repo = desired?.type === 'Present' ? desired.project.workspace?.repo : undefined;
    return repo === undefined ? [] : [repo.path];
  });
  const recorded = [...readState(state).inventory().values()].flatMap(({ places = [] }) =>
    places.map(({ repository }) => repository),
  );
  const all = [...recorded, ...wanted, ...readKnownRepositories(state)];
  // One that is not there yet, or not any more, holds nothing. What cannot be looked at is said to be so.
  const gone = await Promise.all(all.map(isKnownGone));
  return all.filter((_, index) => gone[index] === false);
}

/** Who is no agent's, though its environment may say so. */
function sparedBy({ table }: ReadOnlyTmux, places: Places, servers: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...ancestors(process.pid, table), ...controllerPid(places), ...servers]);
}

/** Ourselves and who called us: no agent's processes, though one may have started them. */
function ancestors(pid: number, table: ProcessTable): readonly number[] {
  const found = [pid];
  for (let at = table.stat(pid); typeof at !== 'string' && at.parent > 1; at = table.stat(at.parent)) {
    if (found.includes(at.parent)) break;
    found.push(at.parent);
  }
  return found;
}

/**
 * Looks anew before each signal: what is ended may start others until its last moment.
 *
 * @returns those that live on
 */
async function endAll(table: ProcessTable, look: () => Promise<readonly ProcessRef[]>): Promise<readonly ProcessRef[]> {
  const startTimeOf = (pid: number): string | undefined => {
    const stat = table.stat(pid);
    return typeof stat === 'string' ? undefined : stat.startTime;
  };
  const begun = systemClock.steady();
  const asked = new Set<string>();
  for (;;) {
    const left = await look();
    const waited = systemClock.steady() - begun;
    if (left.length === 0 || waited >= GRACE_MS + KILLED_MS) return left;
    const isOver = waited >= GRACE_MS;
    // Asked once; a program may take a second TERM for impatience.
    const due = left.filter(({ pid, startTime }) => isOver || !asked.has(`${pid} ${startTime}`));
    for (const { pid, startTime } of due) asked.add(`${pid} ${startTime}`);
    signalProcesses(due, isOver ? 'SIGKILL' : 'SIGTERM', startTimeOf);
    await setTimeout(LOOK_MS);
  }
}
