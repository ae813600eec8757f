import { join } from 'node:path';
import { writeAtomically } from '../../../controller/store/state/atomic-write.ts';
import type { World } from '../support/world.ts';

/** What `muxlet send` leaves, without the time that a process takes; gives the message's name. */
export function leave(world: World, to: { readonly project: string; readonly agent: string }, text: string): string {
  const now = Date.now();
  const name = `sent-${now.toString(36)}-${Math.random().toString(16).slice(2, 10).padEnd(8, '0')}`;
  const annotations = { 'muxlet.dev/sent-at': new Date(now).toISOString() };
  const sent = {
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Message',
    metadata: { name, annotations },
    spec: { to, text },
  };
  writeAtomically(join(world.state, 'messages', `${name}.json`), `${JSON.stringify(sent, undefined, 2)}\n`);
  return name;
}
