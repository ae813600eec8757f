import { type Key, nameOf, ofKind } from '../api/key.ts';
import type { SpecSource, StateStore } from '../runtime/ports.ts';
import { isNotAdmitted } from '../runtime/project-records.ts';
import type { ProjectWorkerOptions } from '../runtime/project-worker.ts';
import { chooseServer } from '../tmux/servers.ts';

export interface PlacingOptions {
  /** Name of the first server's socket. */
  readonly socket: string;
  readonly specs: Pick<SpecSource, 'keys' | 'project'>;
  readonly state: Pick<StateStore, 'object' | 'inventory' | 'inventoryKeys'>;
}

/**
 * The server for a project that has no session yet, by how many are on each according to the inventory, and by how many are
 * about to be. Who waits in a line or is finished takes no room: a thousand that run twenty at a time share a server.
 */
export function createPlacing({ socket, specs, state }: PlacingOptions): ProjectWorkerOptions['placeProject'] {
  function takesRoom(key: Key): boolean {
    const object = state.object(key);
    if (object === undefined) return specs.project(nameOf(key))?.spec.queue === undefined;
    const { session, run } = object.status;
    return session !== undefined || !(run?.stage === 'Finished' || isNotAdmitted(object));
  }

  function count(): Count {
    const load = new Map<string, number>();
    for (const key of state.inventoryKeys()) {
      const server = state.inventory(key)?.server ?? socket;
      if (takesRoom(key)) load.set(server, (load.get(server) ?? 0) + 1);
    }
    return { load, wanted: ofKind('Project', specs.keys()).filter(takesRoom).length };
  }

  /** Hundreds that come together are counted now and then, and those that were placed since are added. */
  let counted: Count | undefined;
  return (key, admission, recorded) => {
    // It is not made yet, and is placed when it is.
    if (admission.type !== 'Admitted') return recorded ?? socket;
    if (counted === undefined) {
      counted = count();
      setTimeout(() => {
        counted = undefined;
      }, COUNTED_MS).unref();
    }
    const { load, wanted } = counted;
    const add = (to: string, many: number) => load.set(to, (load.get(to) ?? 0) + many);
    const isCounted = recorded !== undefined && takesRoom(key);
    if (isCounted) add(recorded, -1);
    const server = chooseServer(socket, { load, wanted, recorded });
    add(server, 1);
    return server;
  };
}

/** How long a count serves: where there are hundreds, what has gone in the meantime makes no difference. */
const COUNTED_MS = 50;

interface Count {
  /** By server. */
  readonly load: Map<string, number>;
  readonly wanted: number;
}
