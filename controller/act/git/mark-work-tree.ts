import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitStep } from '../../api/git-verb.ts';
import { encodeMark, MARK_FILE, type WorkTreeMark } from '../../api/work-tree-mark.ts';
import { fileStep } from './run.ts';

/** Says on the work tree whose it is and how far it is; see WorkTreeMark. Written as a whole. */
export function markWorkTree(adminDir: string, mark: WorkTreeMark): Promise<GitStep> {
  return fileStep('WorkTreeFailed', () => {
    const temporary = join(adminDir, `${MARK_FILE}.tmp`);
    writeFileSync(temporary, encodeMark(mark));
    renameSync(temporary, join(adminDir, MARK_FILE));
  });
}
