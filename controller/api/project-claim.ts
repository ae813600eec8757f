/**
 * How a repository says whose the branches of a project are: a reference that leads to a text, so that of two controllers
 * that have a project of the same name one alone can write it down first. It is there while the object is.
 */
export interface ClaimMark {
  readonly uid: string;
  /** The controller, and its state directory. */
  readonly home: string;
  readonly state: string;
}

export function claimRef(project: string): string {
  return `refs/muxlet/owner/${project}`;
}

export function encodeClaim(mark: ClaimMark): string {
  return `${JSON.stringify({ version: 1, ...mark }, null, 2)}\n`;
}

/** Undefined for what is none of ours. */
export function decodeClaim(text: string): ClaimMark | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { version, uid, home, state } = raw as Readonly<Record<string, unknown>>;
  if (version !== 1 || typeof uid !== 'string' || typeof home !== 'string' || typeof state !== 'string')
    return undefined;
  return { uid, home, state };
}
