import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../support/world.ts';

/** Waits for the nth of the next changes of an agent's mailbox, for three seconds at most: the middle of a delivery. */
export async function nextRecord(world: World, project: string, agent: string, nth: number): Promise<void> {
  const inbox = join(world.state, 'agents', world.agent(project, agent)?.uid ?? '-', 'inbox');
  if (!existsSync(inbox)) return;
  let left = nth;
  await new Promise<void>((resolve) => {
    const watcher = watch(inbox, (_, file) => {
      // A record is written beside its place, and then moved there.
      if (file?.endsWith('.json') !== true) return;
      left -= 1;
      if (left < 0) end();
    });
    const timer = setTimeout(() => end(), 3000);
    function end(): void {
      clearTimeout(timer);
      watcher.close();
      resolve();
    }
  });
}
