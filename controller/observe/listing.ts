/** What a list of panes comes to: whose they are, and in which sessions. Pure. */
import type { Look, ObservedSession } from '../api/observed.ts';
import type { ListedPane } from './pane-format.ts';

export type Listing = Look<readonly ListedPane[]>;

/** A window that is in several sessions (grouped or linked) is listed in each; where it is ours counts. */
export function onceEach(panes: readonly ListedPane[]): readonly ListedPane[] {
  const byId = new Map<string, ListedPane>();
  for (const pane of panes) {
    const key = `${pane.server} ${pane.id}`;
    const isHome = pane.sessionUid !== undefined && pane.sessionUid === pane.mark?.uid;
    if (!byId.has(key) || isHome) byId.set(key, pane);
  }
  return [...byId.values()];
}

/** Where it stands and how it ended, as tmux says. */
export function placeOf(pane: ListedPane) {
  const { server, sessionId, windowId, windowIndex, windowName, windowPanes, id, pid, dead, exitCode, signal } = pane;
  return {
    server,
    sessionId,
    windowId,
    windowIndex,
    windowName,
    windowPanes,
    id,
    pid,
    dead,
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
  };
}

export function sessionsOf(panes: readonly ListedPane[]): ObservedSession[] {
  const sessions = new Map<string, ObservedSession>();
  for (const pane of panes) {
    sessions.set(`${pane.server} ${pane.sessionId}`, {
      server: pane.server,
      id: pane.sessionId,
      name: pane.sessionName,
      windows: pane.sessionWindows,
      ...(pane.sessionUid !== undefined && { uid: pane.sessionUid }),
      ...(pane.sessionProject !== undefined && { project: pane.sessionProject }),
      ...(pane.sessionHome !== undefined && { home: pane.sessionHome }),
    });
  }
  return [...sessions.values()];
}

/** The projects that a pane concerns: those that it and its session are marked for, and the one whose name that bears. */
function projectsOf({ project = '', sessionProject = project, sessionName }: ListedPane): readonly string[] {
  // Nearly always all of them are the same: at a thousand panes a set for each is felt.
  if (project === sessionName && sessionProject === sessionName) return [sessionName];
  return [...new Set([sessionName, project, sessionProject])].filter((name) => name !== '');
}

export function byProject(panes: readonly ListedPane[]): ReadonlyMap<string, readonly ListedPane[]> {
  const index = new Map<string, ListedPane[]>();
  for (const pane of panes) {
    for (const project of projectsOf(pane)) {
      const own = index.get(project);
      if (own === undefined) index.set(project, [pane]);
      else own.push(pane);
    }
  }
  return index;
}

export function fromLatest(
  project: string,
  { startedAt, panes }: { readonly startedAt: number; readonly panes: ReadonlyMap<string, readonly ListedPane[]> },
): Listing {
  return { state: 'Known', at: startedAt, value: panes.get(project) ?? [] };
}

export function onlyProject(listing: Listing, project: string): Listing {
  if (listing.state === 'Unknown') return listing;
  return { ...listing, value: byProject(listing.value).get(project) ?? [] };
}
