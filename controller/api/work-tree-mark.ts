/**
 * How a work tree says whose it is. Git keeps a folder for each (`.git/worktrees/NAME`): the mark is a file in it, so that
 * it goes with the work tree, and nothing of it stands among the agent's files. Until that file is written, the reason
 * for which the work tree is locked says the same: git writes it before anything else.
 */
export interface WorkTreeMark {
  readonly project: string;
  /** Of the project, when it was made or last taken up. */
  readonly uid: string;
  /** The agent's name, or `shared`, `integration`. */
  readonly tree: string;
  /** The controller that made it, and its state directory. */
  readonly home: string;
  readonly state: string;
  readonly branch: string;
  /**
   * Added: git knows it, and there may be no file in it yet. Filled: its files are there. Ready: what the spec adds to
   * them as well, and somebody may have worked there. Leaving: nothing that is only there was left in it, and it is being
   * taken away; what is missing was taken by us. Left: it was to go, and stayed for a person, whose it is now; it is ours
   * again once an agent is to work there.
   */
  readonly stage: 'Added' | 'Filled' | 'Ready' | 'Leaving' | 'Left';
}

export const MARK_FILE = 'muxlet.json';

export type LockMark = Pick<WorkTreeMark, 'project' | 'tree' | 'home'>;

export function encodeMark(mark: WorkTreeMark): string {
  return `${JSON.stringify({ version: 1, ...mark }, null, 2)}\n`;
}

const STAGES: ReadonlySet<unknown> = new Set<WorkTreeMark['stage']>(['Added', 'Filled', 'Ready', 'Leaving', 'Left']);

/** Undefined for what is no mark of ours. */
export function decodeMark(text: string): WorkTreeMark | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null) return undefined;
  const fields = raw as Readonly<Record<string, unknown>>;
  const { project, uid, tree, home, state, branch, stage } = fields;
  const texts = [project, uid, tree, home, state, branch];
  if (fields['version'] !== 1 || !texts.every((field) => typeof field === 'string' && field !== '')) return undefined;
  if (!STAGES.has(stage)) return undefined;
  return { project, uid, tree, home, state, branch, stage } as WorkTreeMark;
}

/** What `git worktree list` shows, and a person who wants to remove the work tree is told. */
export function lockReason({ project, tree, home }: LockMark): string {
  return `muxlet: project ${project}, work tree ${tree}, controller ${home}`;
}

/** Why a work tree is locked that is there for one round of finishing alone. */
export function resultReason({ project, home }: Pick<LockMark, 'project' | 'home'>): string {
  return `muxlet: result of project ${project}, controller ${home}`;
}

export function readResultReason(reason: string): Pick<LockMark, 'project' | 'home'> | undefined {
  const [, project, home] = /^muxlet: result of project (\S+), controller (\S+)$/.exec(reason.trim()) ?? [];
  return project === undefined || home === undefined ? undefined : { project, home };
}

export function readLockReason(reason: string): LockMark | undefined {
  const found = /^muxlet: project (\S+), work tree (\S+), controller (\S+)$/.exec(reason.trim());
  const [, project, tree, home] = found ?? [];
  if (project === undefined || tree === undefined || home === undefined) return undefined;
  return { project, tree, home };
}
