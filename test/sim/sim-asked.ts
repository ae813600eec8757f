/** What tools ask of projects in the simulated world, as state/overlays/ holds it, and what was ever asked. */
import { OVERLAY, type Overlay } from '../../controller/api/admission.ts';
import { keyOf } from '../../controller/api/key.ts';
import type { StoredObject } from '../../controller/api/metadata.ts';
import { annotationsFor, type OverlayRecord } from '../../controller/store/overlays/overlay-file.ts';
import type { SimProcess } from './machine.ts';
import type { Disk } from './sim-state.ts';

export type Wish = 'reset' | 'restart';

export interface Asked {
  /** By project. */
  readonly records: Map<string, OverlayRecord>;
  /** Objects and runs that somebody asked to be ended, now or before. */
  readonly uids: Set<string>;
  readonly runs: Set<string>;
  /** Told of each wish; a hint that may get lost. */
  onAsked: (project: string) => void;
}

export function createAsked(): Asked {
  return { records: new Map(), uids: new Set(), runs: new Set(), onAsked: () => undefined };
}

/** The verbs' part: as they do, it names what is on record at the moment. */
export function ask(asked: Asked, disk: Disk, project: string, wish: Wish): void {
  const stored = disk.objects.get(keyOf('Project', project));
  if (stored === undefined) return;
  const { uid } = stored.metadata;
  const annotations = wish === 'reset' ? { [OVERLAY.reset]: uid } : restartOf(stored, asked);
  asked.records.set(project, { uid, annotations });
  asked.onAsked(project);
  if (wish === 'reset') asked.uids.add(uid);
}

function restartOf({ status }: StoredObject, asked: Asked): Overlay {
  const runs = status.agents.flatMap(({ name, run }) => (run === undefined ? [] : [[name, run] as const]));
  for (const [, run] of runs) asked.runs.add(run);
  return { [OVERLAY.restart]: JSON.stringify(Object.fromEntries(runs)) };
}

export function overlayOf({ records }: Asked, project: string, uid: string | undefined): Overlay {
  return annotationsFor(records.get(project), uid);
}

export function isAskedToGo({ uids, runs }: Asked, { launch }: SimProcess): boolean {
  return launch !== undefined && (uids.has(launch.uid) || runs.has(launch.run));
}

/** Whether what was last asked has not been done, of a process that lives at rest. */
export function isStillAsked(asked: Asked, { launch }: SimProcess): boolean {
  if (launch === undefined) return false;
  const overlay = overlayOf(asked, launch.project, launch.uid);
  const runs = Object.values(JSON.parse(overlay[OVERLAY.restart] ?? '{}') as Record<string, string>);
  return overlay[OVERLAY.reset] === launch.uid || runs.includes(launch.run);
}
