/**
 * What git says of the directories that agents work in. Everything here only looks: no lock is taken, no index refreshed,
 * no reference moved, whoever is at work in the repository meanwhile.
 */
import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { orNothing } from './or-nothing.ts';
import { readShort } from './read-short.ts';

/** Where git keeps what it knows of a work tree. All absolute. */
export interface GitPlace {
  /** The directory that was asked about: within the work tree. */
  readonly directory: string;
  /** The top of the work tree. */
  readonly top: string;
  /** Of the work tree alone: its HEAD, its index, and what is under way in it. */
  readonly gitDir: string;
  /** Of all work trees of the repository: branches, tags, objects. */
  readonly commonDir: string;
}

/**
 * Finds it by the `.git` of the directory, or of the nearest one above it, as git does; no program is started for that.
 * Undefined: it lies in no work tree. Whether what was found is whole is for git to say.
 *
 * @throws where it could not be looked at (EACCES, EIO)
 */
export async function findWorkTree(directory: string): Promise<GitPlace | undefined> {
  for (let top = resolve(directory); ; top = dirname(top)) {
    const path = resolve(top, '.git');
    const found = await orNothing(lstat(path));
    if (found !== undefined) {
      const gitDir = found.isFile() ? await linked(top, path) : path;
      return { directory, top, gitDir, commonDir: await commonOf(gitDir) };
    }
    if (dirname(top) === top) return undefined;
  }
}

/** A linked work tree has a file that names the place (gitrepository-layout(5)); one that is corrupt names none. */
async function linked(top: string, path: string): Promise<string> {
  const named = /^gitdir: (.+)/.exec(await readShort(path))?.[1];
  return named === undefined ? path : resolve(top, named.trimEnd());
}

async function commonOf(gitDir: string): Promise<string> {
  const named = (await readShort(resolve(gitDir, 'commondir'))).trimEnd();
  return named === '' ? gitDir : resolve(gitDir, named);
}
