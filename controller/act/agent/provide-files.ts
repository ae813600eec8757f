import { MuxletError } from '../../api/errors.ts';
import type { RenderedFile } from '../../template/compose-launch.ts';
import type { FileMerger } from './merge-file.ts';
import { writeOwnFile } from './own-file.ts';

/**
 * Writes what a class provides, in order: the agent's own files whole, somebody else's only by what is named.
 *
 * @throws MuxletError MUX_FILE_UNMERGEABLE naming the file
 */
export async function provideFiles(files: readonly RenderedFile[], merger: FileMerger): Promise<void> {
  for (const { path, isOwn, content, executable } of files) {
    if (isOwn) {
      writeOwnFile(
        path,
        content.type === 'Text' ? content.text : `${JSON.stringify(content.value, null, 2)}\n`,
        executable,
      );
    } else if (content.type === 'Json') {
      await merger.merge(path, content.value);
    } else {
      throw new MuxletError('MUX_FILE_UNMERGEABLE', `${path}: text can only be written below agentDir`);
    }
  }
}
