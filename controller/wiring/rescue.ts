import { homedir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { signalProcesses } from '../act/signals.ts';
import type { ProcessRef } from '../api/observed.ts';
import type { RescuePort } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import { findHiddenServer } from '../observe/hidden-server.ts';
import type { ProcessTable } from '../observe/process-table.ts';
import { createSpecSource } from '../store/specs/spec-source.ts';
import { readState } from '../store/state/read-state.ts';
import { createReadOnlyTmux } from './read-only-tmux.ts';
import { controllerPid, serverPids } from './spared.ts';
import { inventoryUids, lookAtWorld } from './world.ts';

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
      const specs = createSpecSource({
        directory: places.specs,
        presets,
        state: places.state,
        clock: systemClock,
        home: homedir(),
        readOnly: true,
      });
      await specs.reload();
      const reader = readState(places.state);
      const tmux = createReadOnlyTmux(places.socket, env);
      const own = await serverPids(tmux);
      const spared = new Set([...ancestors(process.pid, tmux.table), ...controllerPid(places), ...own]);
      return lookAtWorld({
        home: places,
        specs,
        objects: () => [...reader.objects().values()],
        inventory: () => inventoryUids(reader.inventory()),
        panes: tmux.eyes.everything,
        processes: () => tmux.allProcesses(spared),
        async unseen(processes) {
          const hidden = await findHiddenServer(tmux.table, processes, own);
          if (hidden === undefined) return undefined;
          return `process ${hidden} is a tmux server with agents, and its socket is not in ${tmux.directory}`;
        },
      });
    },
    async endProcesses(processes, places) {
      const { table } = createReadOnlyTmux(places.socket, env);
      return endAll(processes, table);
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

/** Ourselves and who called us: no agent's processes, though one may have started them. */
function ancestors(pid: number, table: ProcessTable): readonly number[] {
  const found = [pid];
  for (let at = table.stat(pid); typeof at !== 'string' && at.parent > 1; at = table.stat(at.parent)) {
    if (found.includes(at.parent)) break;
    found.push(at.parent);
  }
  return found;
}

/** @returns those that live on */
async function endAll(processes: readonly ProcessRef[], table: ProcessTable): Promise<readonly ProcessRef[]> {
  const startTimeOf = (pid: number): string | undefined => {
    const stat = table.stat(pid);
    return typeof stat === 'string' ? undefined : stat.startTime;
  };
  const living = (): readonly ProcessRef[] =>
    processes.filter(({ pid, startTime }) => {
      const stat = table.stat(pid);
      return typeof stat !== 'string' && !stat.zombie && stat.startTime === startTime;
    });
  for (const [signal, waitMs] of [['SIGTERM', GRACE_MS] as const, ['SIGKILL', KILLED_MS] as const]) {
    signalProcesses(living(), signal, startTimeOf);
    const until = systemClock.steady() + waitMs;
    while (living().length > 0 && systemClock.steady() < until) await setTimeout(LOOK_MS);
    if (living().length === 0) return [];
  }
  return living();
}
