import { ofKind } from '../api/key.ts';
import type { SpecSource, StateStore } from '../runtime/ports.ts';
import { chooseServer } from '../tmux/servers.ts';

/** The server for a project that has none yet, by how many are on each according to the inventory. */
export function placeProject(socket: string, specs: Pick<SpecSource, 'keys'>, state: StateStore): string {
  const load = new Map<string, number>();
  for (const key of state.inventoryKeys()) {
    const server = state.inventory(key)?.server ?? socket;
    load.set(server, (load.get(server) ?? 0) + 1);
  }
  const wanted = ofKind('Project', specs.keys()).length;
  return chooseServer(socket, load, wanted);
}
