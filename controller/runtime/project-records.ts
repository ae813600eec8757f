/** What a project's walk asks of what is on record, and of what was seen. */
import type { Decision, ProjectInput } from '../api/decision.ts';
import type { Desired } from '../api/desired.ts';
import type { ProjectStatus } from '../api/generated/all.ts';
import type { InventoryEntry } from '../api/inventory.ts';
import { type Key, keyOf, nameOf } from '../api/key.ts';
import type { StoredObject } from '../api/metadata.ts';
import type { Look, ObservedTmux } from '../api/observed.ts';

/** Nothing more is expected to happen to it by itself. */
export function isUpOrStuck({ conditions }: ProjectStatus): boolean {
  return conditions.some(({ type, status }) => (type === 'Ready' || type === 'Stalled') && status === 'True');
}

/** Whether it waits for something before it may run, such as its turn in a line: as a rule nothing of it does. */
export function isNotAdmitted(object: StoredObject | undefined): boolean {
  return object?.status.conditions.some(({ type, status }) => type === 'Admitted' && status === 'False') === true;
}

/** Whom an event is about. */
export function about(key: Key): { readonly kind: string; readonly name: string } {
  return { kind: 'Project', name: nameOf(key) };
}

/** Where its slot is on record, if it needs one. */
export function queueOf(desired: Desired): Key | undefined {
  const queue = desired.type === 'Present' ? desired.project.course.queue : undefined;
  return queue === undefined ? undefined : keyOf('Queue', queue);
}

/** How those of its agents are ended that were started under earlier specs. */
export function stopsOf(inventory: InventoryEntry | undefined): ProjectInput['stops'] {
  return new Map(Object.entries(inventory?.agents ?? {}));
}

/** What is wanted of a project, and where. */
interface Known {
  readonly desired: Desired;
  /** Agents that its status tells of. */
  readonly kept: readonly string[];
  /** Undefined: as they are on record. */
  readonly places: Decision['places'];
  readonly uid: string;
  readonly server: string;
}

/** What is to be on record before the decision is carried out. */
export function inventoryOf(before: InventoryEntry | undefined, known: Known): InventoryEntry {
  const { desired, kept, uid, server } = known;
  const wanted = desired.type === 'Present' ? desired.project.agents : [];
  const agents = {
    ...Object.fromEntries(Object.entries(before?.agents ?? {}).filter(([agent]) => kept.includes(agent))),
    ...Object.fromEntries(wanted.map((agent) => [agent.name, agent.stop])),
  };
  const places = known.places ?? before?.places ?? [];
  return { uid, server, agents, ...(places.length > 0 && { places }) };
}

/** Where its session is, or, if a person moved all of it into another one, its panes: windows do not move between servers. */
export function serverOf(tmux: Look<ObservedTmux>, uid: string): string | undefined {
  if (tmux.state === 'Unknown') return undefined;
  const { sessions, panes } = tmux.value;
  const session = sessions.find((candidate) => candidate.uid === uid);
  return (session ?? panes.find(({ mark }) => mark?.uid === uid))?.server;
}
