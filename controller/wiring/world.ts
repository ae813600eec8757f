import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { Desired } from '../api/desired.ts';
import { type Key, keyOf, nameOf, ofKind } from '../api/key.ts';
import type { StoredObject } from '../api/metadata.ts';
import type { Look, MarkedProcess, StartedBy } from '../api/observed.ts';
import type { Problem } from '../api/problem.ts';
import type { Ownership, WantedProject, World, WorldPane, WorldSession } from '../api/world.ts';
import type { MarkedProcessEyes } from '../observe/marked-processes.ts';
import type { ListedPane } from '../observe/pane-format.ts';

export interface WorldSources {
  /** The state directory and the tmux server's name of this controller. */
  readonly home: StartedBy;
  readonly specs: {
    keys(): readonly Key[];
    desiredProject(name: string): Desired;
    problems(): readonly Problem[];
  };
  readonly objects: () => readonly StoredObject[];
  /** The uid in the inventory, by project. */
  readonly inventory: () => ReadonlyMap<string, string>;
  readonly panes: () => Promise<Look<readonly ListedPane[]>>;
  readonly processes: () => Promise<Look<readonly MarkedProcess[]>>;
  /** Why not all panes of these processes may have been seen; undefined: they were. */
  readonly unseen?: (processes: readonly MarkedProcess[]) => Promise<string | undefined>;
}

/** Looks at everything from scratch, processes first; see `World`. */
export async function lookAtWorld({ home, specs, objects, inventory, ...eyes }: WorldSources): Promise<World> {
  const own = homeMark(home.state);
  const processes = await eyes.processes();
  const panes = await eyes.panes();
  const homeOf = rememberHomes();
  const startedHere = (by: StartedBy | undefined): Ownership => {
    if (by === undefined) return 'Unknown';
    return by.socket === home.socket && homeOf(by.state) === own ? 'Ours' : 'Others';
  };
  const known = new Set([...objects().map(({ metadata }) => metadata.uid), ...inventory().values()]);
  const concern = (one: MarkedProcess): boolean =>
    startedHere(one.startedBy) === 'Ours' || (known.has(one.uid) && one.startedBy?.socket === home.socket);
  const unseen = processes.state === 'Known' ? await eyes.unseen?.(processes.value.filter(concern)) : undefined;
  return {
    wanted: wantedProjects(specs),
    specsUnsure: specs.problems().some(isUnsure),
    objects: objects().filter(({ kind }) => kind === 'Project'),
    inventory: inventory(),
    tmux: panes.state === 'Unknown' ? panes : seenBy(panes, own, unseen),
    processes:
      processes.state === 'Unknown'
        ? processes
        : { ...processes, value: processes.value.map((one) => ({ ...one, ownership: startedHere(one.startedBy) })) },
  };
}

function seenBy(
  panes: Extract<Look<readonly ListedPane[]>, { state: 'Known' }>,
  own: string,
  unseen?: string,
): World['tmux'] {
  if (unseen === undefined) return { ...panes, value: marked(panes.value, own) };
  return { state: 'Unknown', at: panes.at, reason: 'TmuxUnreachable', message: unseen };
}

/**
 * The processes of projects, less those of a controller that has both another state directory and another tmux server:
 * one of the two is a copy of the other's state, and the same uids are two things.
 */
export function withoutCopies(look: MarkedProcessEyes['look'], home: StartedBy): MarkedProcessEyes['look'] {
  const homeOf = rememberHomes();
  return async (uid, maxAgeMs) => {
    const seen = await look(uid, maxAgeMs);
    if (seen.state === 'Unknown') return seen;
    const own = homeOf(home.state);
    const isCopys = (by: StartedBy | undefined): boolean =>
      by !== undefined && by.socket !== home.socket && homeOf(by.state) !== own;
    return { ...seen, value: seen.value.filter(({ startedBy }) => !isCopys(startedBy)) };
  };
}

/** A state directory's mark, each worked out once. */
function rememberHomes(): (state: string) => string {
  const homes = new Map<string, string>();
  return (state) => {
    const known = homes.get(state) ?? homeMark(state);
    homes.set(state, known);
    return known;
  };
}

/** Names a controller in the marks of its sessions: by its state directory, wherever that is reached from. */
export function homeMark(state: string): string {
  let path = state;
  try {
    path = realpathSync(state);
  } catch {
    // It is not there: its name is all that is left of it.
  }
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

/** A spec could not be read: what is not wanted may only not be known. */
export function isUnsure({ severity, code }: Problem): boolean {
  return (severity === 'Error' && code !== 'OverlayInvalid') || code === 'SourceNotLoaded';
}

function wantedProjects(specs: WorldSources['specs']): ReadonlyMap<string, WantedProject> {
  const names = ofKind('Project', specs.keys()).map(nameOf);
  return new Map(
    names.flatMap((name): [string, WantedProject][] => {
      const desired = specs.desiredProject(name);
      if (desired.type === 'Absent') return [];
      if (desired.type === 'Rejected') return [[name, { specHash: desired.specHash, endsSession: false }]];
      const { specHash, course } = desired.project;
      return [[name, { specHash, endsSession: course.sessionAfterFinished === 'End' }]];
    }),
  );
}

function marked(listed: readonly ListedPane[], own: string) {
  const sessions = new Map<string, WorldSession>();
  for (const { server, sessionId: id, sessionName: name, sessionUid, sessionProject, sessionHome } of listed) {
    if (sessionUid === undefined || sessionProject === undefined) continue;
    const ours = sessionHome === own ? 'Ours' : 'Others';
    const ownership = sessionHome === undefined ? 'Unknown' : ours;
    sessions.set(`${server} ${id}`, { server, id, name, uid: sessionUid, project: sessionProject, ownership });
  }
  const panes = new Map<string, WorldPane>();
  for (const { server, sessionId, id, pid, dead, mark } of listed) {
    if (mark !== undefined) panes.set(`${server} ${id}`, { server, sessionId, id, pid, dead, mark });
  }
  return { sessions: [...sessions.values()], panes: [...panes.values()] };
}

/** The inventory's uids of projects. */
export function inventoryUids(entries: ReadonlyMap<Key, { readonly uid: string }>): ReadonlyMap<string, string> {
  return new Map(
    [...entries].flatMap(([key, { uid }]) => (keyOf('Project', nameOf(key)) === key ? [[nameOf(key), uid]] : [])),
  );
}
