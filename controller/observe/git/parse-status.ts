/** What `git status --porcelain=v2 -z --branch` says (git-status(1)). */
export interface PorcelainStatus {
  /** Absent: there is no commit yet. */
  readonly head?: string;
  /** Absent: HEAD is detached. */
  readonly branch?: string;
  /** Tracked files that differ from HEAD or the index, those in conflict included. */
  readonly changed: number;
  /** A folder that holds nothing that is tracked counts once. */
  readonly untracked: number;
}

export function parseStatus(text: string): PorcelainStatus {
  let head: string | undefined;
  let branch: string | undefined;
  let changed = 0;
  let untracked = 0;
  const records = text.split('\0');
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] ?? '';
    if (record.startsWith('# branch.oid ')) head = record.slice('# branch.oid '.length);
    else if (record.startsWith('# branch.head ')) branch = record.slice('# branch.head '.length);
    else if (record.startsWith('? ')) untracked += 1;
    else if (record.startsWith('1 ') || record.startsWith('u ')) changed += 1;
    else if (record.startsWith('2 ')) {
      changed += 1;
      // The path that it was renamed from follows by itself, and may look like anything.
      at += 1;
    }
  }
  return {
    ...(head !== undefined && head !== '(initial)' && { head }),
    ...(branch !== undefined && branch !== '(detached)' && { branch }),
    changed,
    untracked,
  };
}
