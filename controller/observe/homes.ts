import type { ListedPane } from './pane-format.ts';

/** A project's own session. */
export interface Home {
  readonly server: string;
  readonly sessionId: string;
  /** Its panes as they were listed then. */
  readonly panes: readonly ListedPane[];
}

export interface Homes {
  /** Where all that was last listed of the project was, if that was its own session and nowhere else. */
  of(project: string): Home | undefined;
  /** Takes what a look showed that was sure to show all of the project. */
  learn(project: string, panes: readonly ListedPane[]): void;
  /** The server is gone, and its next one numbers things from 0 again. */
  lose(server: string): void;
}

/**
 * To list one session costs tmux a tenth of a millisecond, to search all panes for those of a project milliseconds.
 * So a project that was all at home is looked for there first; see `isComplete`.
 */
export function createHomes(): Homes {
  const homes = new Map<string, Home>();
  return {
    of: (project) => homes.get(project),
    learn(project, panes) {
      if (homes.get(project)?.panes === panes) return;
      const home = homeOf(project, panes);
      if (home === undefined) homes.delete(project);
      else homes.set(project, home);
    },
    lose(server) {
      for (const [project, home] of homes) if (home.server === server) homes.delete(project);
    },
  };
}

/**
 * Whether a list of the home alone will do: it still is the session of the project's name and mark, and none of the
 * agents has to be looked for elsewhere, where a person may have moved it.
 */
export function isComplete(project: string, panes: readonly ListedPane[], agents: readonly string[]): boolean {
  const present = new Set(panes.map(({ mark }) => (mark?.project === project ? mark.agent : undefined)));
  return homeOf(project, panes) !== undefined && agents.every((agent) => present.has(agent));
}

function homeOf(project: string, panes: readonly ListedPane[]): Home | undefined {
  const [first] = panes;
  if (first === undefined) return undefined;
  const { server, sessionId } = first;
  const isHome = (pane: ListedPane): boolean =>
    pane.server === server &&
    pane.sessionId === sessionId &&
    pane.sessionName === project &&
    pane.sessionProject === project;
  return panes.every(isHome) ? { server, sessionId, panes } : undefined;
}
