import { OVERLAY, type Overlay } from '../api/admission.ts';
import type { Desired } from '../api/desired.ts';
import type { ProjectStatus } from '../api/generated/all.ts';
import { API_VERSION } from '../api/kinds.ts';
import { type Arrival, FINALIZER, type OwnedMeta, type StoredObject } from '../api/metadata.ts';
import type { Look, ObservedSession, ObservedTmux } from '../api/observed.ts';

export interface IdentifyInput {
  readonly name: string;
  readonly stored: StoredObject | undefined;
  readonly desired: Desired;
  readonly tmux: Look<ObservedTmux>;
  /** This controller in the marks of sessions; without it, everybody's marks count. */
  readonly home?: string | undefined;
  readonly now: number;
  /** When its spec was first read; default: now. */
  readonly arrival?: Arrival | undefined;
  readonly newUid: () => string;
  /** What tools ask of the object that bears this uid. */
  readonly overlay: (uid: string | undefined) => Overlay;
}

export interface Identity {
  readonly meta: OwnedMeta;
  readonly specHash: string;
  /** What is wanted of this very object: one that is on its way out stays so, even if its file has come back. */
  readonly desired: Desired;
}

/**
 * Which object it is that a look concerns. What the state says counts; where it says nothing, the marks on what runs
 * do, but for those of another controller, whose project only has the same name; only where neither says anything, it is
 * a new object. Undefined: nothing is known, so nothing may be concluded.
 */
export function identify(input: IdentifyInput): Identity | undefined {
  const { name, stored, desired, now } = input;
  const uid = stored?.metadata.uid ?? uidFromMarks(input);
  if (stored === undefined && desired.type === 'Absent') return undefined;
  if (uid === undefined && input.tmux.state === 'Unknown') return undefined;
  const isOver = isReset(uid, input) || (desired.type === 'Absent' && desired.confirmed);
  const deletion = stored?.metadata.deletionTimestamp ?? (isOver ? new Date(now).toISOString() : undefined);
  const specHash = specHashOf(desired) ?? stored?.specHash ?? '';
  const meta: OwnedMeta = {
    name,
    uid: uid ?? input.newUid(),
    generation: generationOf(stored, specHash, deletion !== undefined),
    ...creationOf(stored, input),
    finalizers: [FINALIZER],
    ...(deletion !== undefined && { deletionTimestamp: deletion }),
    ...labelsOf(desired, stored),
  };
  if (deletion === undefined) return { meta, specHash, desired };
  return { meta, specHash: stored?.specHash ?? specHash, desired: { type: 'Absent', confirmed: true } };
}

/** The record of an object as it is written into state/status/. */
export function storedObject<Status>(identity: Identity, status: Status): StoredObject<Status> {
  return { apiVersion: API_VERSION, kind: 'Project', metadata: identity.meta, specHash: identity.specHash, status };
}

export interface Renewal {
  readonly newUid: () => string;
  readonly now: number;
  readonly before: Pick<ProjectStatus, 'attempts' | 'kept'>;
}

/** The object that takes the place of one that was reset: nothing of it but the history of its attempts, and where work was kept. */
export function renewedObject({ meta }: Identity, desired: Desired, { newUid, now, before }: Renewal): StoredObject {
  const fresh: OwnedMeta = {
    name: meta.name,
    uid: newUid(),
    generation: 1,
    creationTimestamp: new Date(now).toISOString(),
    finalizers: [FINALIZER],
    ...labelsOf(desired, undefined),
  };
  const status: ProjectStatus = {
    observedGeneration: 0,
    phase: 'Pending',
    conditions: [],
    agents: [],
    ...(before.attempts !== undefined && { attempts: before.attempts }),
    ...(before.kept !== undefined && { kept: before.kept }),
  };
  return storedObject({ meta: fresh, specHash: specHashOf(desired) ?? '', desired }, status);
}

/** Fixed with the first record: who was looked at first is chance, and whose file was read first is not. */
function creationOf(stored: StoredObject | undefined, { arrival, now }: IdentifyInput) {
  const { creationTimestamp, creationOrder } = stored?.metadata ?? {
    creationTimestamp: new Date(arrival?.at ?? now).toISOString(),
    creationOrder: arrival?.order,
  };
  return { creationTimestamp, ...(creationOrder !== undefined && { creationOrder }) };
}

function uidFromMarks({ name, tmux, home }: IdentifyInput): string | undefined {
  if (tmux.state === 'Unknown') return undefined;
  const { sessions, panes } = tmux.value;
  const isOthers = (session: ObservedSession): boolean =>
    home !== undefined && session.home !== undefined && session.home !== home;
  const session = sessions.find((candidate) => candidate.project === name && !isOthers(candidate));
  if (session?.uid !== undefined) return session.uid;
  const others = new Set(sessions.filter(isOthers).map(({ uid }) => uid));
  return panes.find(({ mark }) => mark?.project === name && !others.has(mark.uid))?.mark?.uid;
}

/** A reset names the object that is to go: of the one that takes its place it asks nothing. */
function isReset(uid: string | undefined, { overlay }: IdentifyInput): boolean {
  return uid !== undefined && overlay(uid)[OVERLAY.reset] === uid;
}

function specHashOf(desired: Desired): string | undefined {
  switch (desired.type) {
    case 'Present':
      return desired.project.specHash;
    case 'Rejected':
      return desired.specHash;
    case 'Absent':
      return undefined;
  }
}

function generationOf(stored: StoredObject | undefined, specHash: string, deleting: boolean): number {
  if (stored === undefined) return 1;
  const { generation } = stored.metadata;
  return deleting || stored.specHash === specHash ? generation : generation + 1;
}

function labelsOf(desired: Desired, stored: StoredObject | undefined): Pick<OwnedMeta, 'labels' | 'annotations'> {
  if (desired.type === 'Present') {
    const { labels, annotations } = desired.project;
    return { labels, annotations };
  }
  const { labels, annotations } = stored?.metadata ?? {};
  return { ...(labels !== undefined && { labels }), ...(annotations !== undefined && { annotations }) };
}
