import { rmSync } from 'node:fs';
import { writeAtomically } from './atomic-write.ts';
import { identityAt } from './file-identity.ts';
import type { WriteFailures } from './write-failures.ts';

/** Files whose content we rule as a whole; memory is the truth, the disk its copy. */
export interface WrittenFiles {
  /** Writes if the content differs from what was last written; says whether it wrote. Never throws. */
  put(path: string, text: string): boolean;
  remove(path: string): void;
  /** The file stands on disk with this content already. */
  adopt(path: string, text: string): void;
  /** Writes again what others deleted or changed, and what failed. One lstat per file. */
  heal(): void;
}

interface Written {
  readonly text: string;
  /** Undefined until it is written. */
  readonly identity: string | undefined;
}

export function createWrittenFiles(failures: WriteFailures): WrittenFiles {
  const files = new Map<string, Written>();
  /** Files that should be gone and could not be removed. */
  const leftovers = new Set<string>();

  function write(path: string, text: string): boolean {
    const isWritten = failures.attempt(path, () => writeAtomically(path, text));
    files.set(path, { text, identity: isWritten ? identityAt(path) : undefined });
    return isWritten;
  }

  function remove(path: string): void {
    files.delete(path);
    if (failures.attempt(path, () => rmSync(path, { force: true }))) leftovers.delete(path);
    else leftovers.add(path);
  }

  return {
    put(path, text) {
      leftovers.delete(path);
      const known = files.get(path);
      if (known?.text === text && known.identity !== undefined) return false;
      return write(path, text);
    },
    remove,
    adopt: (path, text) => void files.set(path, { text, identity: identityAt(path) }),
    heal() {
      for (const [path, { text, identity }] of files) {
        if (identity === undefined || identity !== identityAt(path)) write(path, text);
      }
      for (const path of leftovers) remove(path);
    },
  };
}
