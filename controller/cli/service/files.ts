import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MuxletError } from '../../api/errors.ts';
import type { Surroundings } from '../ports.ts';
import { type FileState, readServiceFile } from './mark.ts';
import type { ServiceFile } from './service.ts';

/** A file as it is to be, and as it is. */
export interface FoundFile extends ServiceFile {
  readonly state: FileState;
}

/** @throws MUX_COMMAND_FAILED if one is there and cannot be read */
export function findFiles(files: readonly ServiceFile[]): readonly FoundFile[] {
  return files.map((file) => ({ ...file, state: attempt('read', file.path, () => readServiceFile(file.path)) }));
}

/** @throws MUX_CONFLICT that names what is not ours, or not as we wrote it */
export function refuseOthers(files: readonly FoundFile[], verb: 'written over' | 'removed'): void {
  const others = files.filter(({ state }) => state.type === 'Foreign' || state.type === 'Edited');
  if (others.length === 0) return;
  const reasons = others.map(({ path, state }) => {
    return `${path} ${state.type === 'Edited' ? 'was changed by hand' : 'was not written by muxlet'}`;
  });
  throw new MuxletError('MUX_CONFLICT', `${reasons.join(', ')}; nothing was ${verb}`, {
    hint: 'look at it, and give --force if it may go; changes of your own last in a drop-in (systemctl edit)',
  });
}

/** Whole or not at all; readable for everybody, as units are. */
export function writeServiceFile({ path, text }: ServiceFile): void {
  attempt('written', path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.muxlet-new`;
    try {
      writeFileSync(temporary, text, { mode: 0o644 });
      chmodSync(temporary, 0o644);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

export function removeServiceFile(path: string): void {
  attempt('removed', path, () => {
    rmSync(path, { force: true });
  });
}

/** @throws MUX_USAGE for files of the machine in the hands of anybody but root */
export function refuseWithoutRoot(scope: 'user' | 'system', uid: number, { env }: Pick<Surroundings, 'env'>): void {
  if (scope === 'user' || uid === 0) return;
  throw new MuxletError('MUX_USAGE', "the machine's services are root's", {
    hint: `sudo env "PATH=$PATH" muxlet service … --system --run-as ${env['USER'] ?? 'USER'}; or --user`,
  });
}

function attempt<T>(what: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MuxletError('MUX_COMMAND_FAILED', `${path} cannot be ${what}: ${reason}`, { cause });
  }
}
