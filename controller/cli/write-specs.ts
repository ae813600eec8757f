import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import { validateText } from '../store/specs/validate-text.ts';
import type { CliDeps, Places } from './ports.ts';
import { refuseInvalid } from './validate-inputs.ts';

const LOCK_TIMEOUT_MS = 30_000;

export interface ChangeOptions {
  readonly places: Places;
  /** Works everything out and writes nothing; no lock is taken either, since that makes a file. */
  readonly dryRun: boolean;
}

/**
 * Runs a change of the spec files while no other muxlet changes them, so that two that apply at once do not undo each
 * other's work, and writes what it put. An editor of a person's takes no lock; against that, files are compared with
 * what was read right before they are written.
 *
 * @throws MUX_LOCK_TIMEOUT after 30 s
 */
export async function changeSpecs<T>(
  { locks }: Pick<CliDeps, 'locks'>,
  { places, dryRun }: ChangeOptions,
  change: (files: SpecFiles) => Promise<T>,
): Promise<T> {
  const files = new SpecFiles();
  if (dryRun) {
    const result = await change(files);
    files.refuseInvalid();
    return result;
  }
  return await locks.withLock(join(places.state, 'locks', 'specs.lock'), LOCK_TIMEOUT_MS, async () => {
    const result = await change(files);
    files.refuseInvalid();
    await files.commit();
    return result;
  });
}

/** The spec files as a change means to leave them; nothing is written before `commit`. */
export class SpecFiles {
  readonly #before = new Map<string, string | undefined>();
  readonly #after = new Map<string, string | undefined>();

  /** The text of a file with the changes made so far; undefined if there is none. */
  async read(file: string): Promise<string | undefined> {
    if (this.#after.has(file)) return this.#after.get(file);
    if (!this.#before.has(file)) this.#before.set(file, await readIfThere(file));
    return this.#before.get(file);
  }

  /** Writes a file, or removes it if the text is undefined. */
  put(file: string, text: string | undefined): void {
    this.#after.set(file, text);
  }

  /** @throws MUX_SPEC_INVALID if a file would not be valid as a whole: the controller would not take it */
  refuseInvalid(): void {
    refuseInvalid(
      [...this.#after].flatMap(([file, text]) => (text === undefined ? [] : validateText(text, file).problems)),
    );
  }

  /** @throws MUX_CONFLICT, before anything is written, if a file was changed meanwhile by somebody else */
  async commit(): Promise<void> {
    for (const [file, text] of this.#before) {
      if (this.#after.has(file) && (await readIfThere(file)) !== text) {
        throw new MuxletError('MUX_CONFLICT', `${file} was changed at the same time; nothing was changed by muxlet`, {
          hint: 'run the command again',
        });
      }
    }
    for (const [file, text] of this.#after) {
      if (text === this.#before.get(file)) continue;
      if (text === undefined) await rm(file, { force: true });
      else await writeWhole(file, text);
    }
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const NEW_FILE_MODE = 0o644;

/** Puts a whole file in the place of the old one, with its permissions: a reader sees either, and never a part. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const mode = await stat(file).then(
    (old) => old.mode & 0o777,
    () => NEW_FILE_MODE,
  );
  // The dot keeps the specs' watcher from taking it for a spec.
  const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
