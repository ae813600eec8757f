import { join } from 'node:path';

/** Where a GitSource's things stand. Everything below `root` is ours alone, and can be fetched anew. */
export interface SourceLayout {
  readonly root: string;
  /** The bare clone. */
  readonly mirror: string;
  readonly revisions: string;
  /** A link to the folder of the revision in force: the place that relative paths of its specs start from. */
  readonly tree: string;
  readonly current: string;
  /** What became of the last look, as long as nothing better followed. */
  readonly attempt: string;
  /** What the repository held at a look that put nothing in force. */
  readonly ahead: string;
  /** Objects that are not in the repository any more and were kept, a file each. */
  readonly kept: string;
}

export function sourcesFolder(state: string): string {
  return join(state, 'sources');
}

export function layoutOfSource(state: string, name: string): SourceLayout {
  const root = join(sourcesFolder(state), name);
  return {
    root,
    mirror: join(root, 'mirror.git'),
    revisions: join(root, 'revisions'),
    tree: join(root, 'tree'),
    current: join(root, 'current.json'),
    attempt: join(root, 'attempt.json'),
    ahead: join(root, 'ahead.json'),
    kept: join(root, 'kept'),
  };
}
