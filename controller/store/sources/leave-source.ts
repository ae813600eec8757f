import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { CurrentRevision } from '../../api/git-revision.ts';
import { layoutOfSource } from './layout.ts';
import type { RevisionReader } from './revision-reader.ts';
import { type Kept, keptPath, readCurrent, readKept, writeCurrent, writeKept } from './source-files.ts';

/**
 * Clears up behind a GitSource that is gone. With prune, nothing of it stays; without, each of its objects becomes one
 * that was kept, and only what it was fetched with goes. Throws the error of a failed system call; called again, it goes
 * on where it was.
 */
export async function leaveSource(state: string, name: string, reader: RevisionReader): Promise<void> {
  const layout = layoutOfSource(state, name);
  const current = readCurrent(state, name);
  if (current !== undefined && !current.prune) {
    const texts = await reader.read(state, name, current);
    // What cannot be read now may be readable later, and is all that is left of it.
    if (texts === undefined) return;
    for (const { path, result } of texts) {
      for (const { object } of result.objects) writeKept(state, name, { path, object });
    }
    rmSync(layout.current, { force: true });
  }
  reader.keep(name, undefined);
  const isKept = !isNothing(readKept(state, name)) && current?.prune !== true;
  if (!isKept) {
    rmSync(layout.current, { force: true });
    await rm(layout.root, { recursive: true, force: true });
    return;
  }
  const others = [layout.mirror, layout.revisions, layout.tree, layout.attempt, layout.ahead];
  await Promise.all(others.map((path) => rm(path, { recursive: true, force: true })));
}

function isNothing({ objects, illegible }: Kept): boolean {
  return objects.length === 0 && illegible.length === 0;
}

/** Takes over another policy; true if it differed. Throws the error of a failed system call. */
export function setPrune(
  state: string,
  name: string,
  { current, prune }: { current: CurrentRevision; prune: boolean },
): boolean {
  const kept = prune ? readKept(state, name).objects : [];
  for (const { object } of kept) {
    rmSync(keptPath(state, name, { kind: object.kind, name: object.metadata.name }), { force: true });
  }
  if (current.prune !== prune) writeCurrent(state, name, { ...current, prune });
  return current.prune !== prune || kept.length > 0;
}
