import type { PaneMark } from '../api/observed.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';

/** A pane as tmux lists it, before anything is concluded from it. */
export interface ListedPane {
  readonly server: string;
  readonly sessionId: string;
  readonly sessionName: string;
  readonly sessionWindows: number;
  /** The project that it, or what it stands in, is marked for. */
  readonly project?: string;
  /** The uid in the session's own mark. */
  readonly sessionUid?: string;
  /** The project in the session's own mark. */
  readonly sessionProject?: string;
  /** Which controller made it, by the session's own mark. */
  readonly sessionHome?: string;
  readonly windowId: string;
  readonly windowIndex: number;
  readonly windowName: string;
  readonly windowPanes: number;
  /** Whose window it is, by the window's own mark. */
  readonly windowMark?: { readonly uid: string; readonly agent: string };
  /** Seconds since the epoch of the last output in the window. */
  readonly windowActivity: number;
  readonly id: string;
  readonly pid: number;
  readonly dead: boolean;
  readonly exitCode?: number;
  readonly signal?: number;
  readonly mark?: PaneMark;
  /** The uid in the mark of a placeholder; see `markPlaceholder`. */
  readonly placeholderOf?: string;
}

const FIELDS = [
  'session_id',
  'window_id',
  'pane_id',
  'session_windows',
  'window_index',
  'window_panes',
  'window_activity',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_dead_signal',
  MARKS.session,
  MARKS.window,
  MARKS.pane,
  'session_name',
  'window_name',
] as const;

const SEPARATOR = '\t';
// A person may have put a line break into an option or a name: a line that does not begin like this is none of ours.
const BEGIN = 'muxlet:';

const FORMAT = `${BEGIN}${FIELDS.map((field) => `#{${field}}`).join(SEPARATOR)}`;

/** Lists every pane of a server. */
export const LIST_ALL = `list-panes -a -F ${quote(FORMAT)}`;

/** Lists the panes that bear a project's mark, or stand in a session of its name. */
export function listProject(project: string): string {
  // A pane of ours may stand in another session, and ours may be renamed. Of `?` tmux works out one branch alone; an
  // agent that is named like a project adds a few lines too many.
  const marked = `#{m:* ${project} *,#{${MARKS.session}} #{${MARKS.pane}} }`;
  const filter = `#{?#{==:#{session_name},${project}},1,${marked}}`;
  return `list-panes -a -f ${quote(filter)} -F ${quote(FORMAT)}`;
}

/** Lists the panes of one session. */
export function listSession(id: string): string {
  return `list-panes -s -t ${quote(id)} -F ${quote(FORMAT)}`;
}

export function parsePane(server: string, line: string): ListedPane | undefined {
  if (!line.startsWith(BEGIN)) return undefined;
  const fields = line.slice(BEGIN.length).split(SEPARATOR);
  const [sessionId, windowId, id, sessionWindows, windowIndex, windowPanes, windowActivity, pid, dead] = fields;
  const [exitCode, signal, sessionMark, windowMark, paneMark, sessionName, windowName] = fields.slice(9);
  if (sessionId === undefined || windowId === undefined || id === undefined || windowName === undefined)
    return undefined;
  const [sessionUid, sessionProject, sessionHome] = marked(sessionMark, sessionId);
  const [windowUid, windowAgent] = marked(windowMark, windowId);
  const [uid, markedProject, agent, hash, run] = marked(paneMark, id);
  const project = markedProject ?? sessionProject;
  // As soon as a person has something run in it, it is theirs.
  const placeholderOf = agent === undefined && pid === '0' ? uid : undefined;
  return {
    server,
    sessionId,
    sessionName: sessionName ?? '',
    sessionWindows: Number(sessionWindows),
    windowId,
    windowIndex: Number(windowIndex),
    windowName,
    windowPanes: Number(windowPanes),
    windowActivity: Number(windowActivity),
    id,
    pid: Number(pid),
    dead: dead === '1',
    ...(project !== undefined && { project }),
    ...(sessionUid !== undefined && { sessionUid }),
    ...(sessionProject !== undefined && { sessionProject }),
    ...(sessionHome !== undefined && { sessionHome }),
    ...(windowUid !== undefined && windowAgent !== undefined && { windowMark: { uid: windowUid, agent: windowAgent } }),
    ...(exitCode !== undefined && exitCode !== '' && { exitCode: Number(exitCode) }),
    ...(signal !== undefined && signal !== '' && { signal: Number(signal) }),
    ...(placeholderOf !== undefined && { placeholderOf }),
    ...(run !== undefined && {
      mark: { uid: uid ?? '', project: markedProject ?? '', agent: agent ?? '', hash: hash ?? '', run },
    }),
  };
}

/** The words of a mark, if it was put on this very thing. */
function marked(mark: string | undefined, id: string): readonly string[] {
  const [owner, ...words] = (mark ?? '').split(' ');
  return owner === id ? words : [];
}
