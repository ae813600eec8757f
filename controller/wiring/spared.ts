/** Processes that are no agent's, though one may have started them. */
import type { Places } from '../cli/ports.ts';
import { readState } from '../store/state/read-state.ts';
import { quote } from '../tmux/quote.ts';
import type { ReadOnlyTmux } from './read-only-tmux.ts';

/** The tmux servers that answer. */
export async function serverPids({ servers }: Pick<ReadOnlyTmux, 'servers'>): Promise<ReadonlySet<number>> {
  const replies = await Promise.all(servers.map(({ request }) => request(`display-message -p ${quote('#{pid}')}`)));
  return new Set(replies.flatMap((reply) => (reply.type === 'Done' ? [Number(reply.lines[0])] : [])));
}

/** The controller that leads this state, by its lock. */
export function controllerPid({ state }: Pick<Places, 'state'>): readonly number[] {
  const holder = readState(state).holder();
  return holder === undefined ? [] : [holder.pid];
}
