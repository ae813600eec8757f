import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Manifest } from '../api/manifest.ts';
import { hashOf } from '../api/metadata.ts';
import { appendObject, replaceObject } from '../store/specs/rewrite.ts';
import { anchorPaths } from './anchor.ts';
import type { Places } from './ports.ts';
import type { Change } from './render/changes.ts';
import { locateOne, rewritten } from './spec-text.ts';
import type { SpecFiles } from './write-specs.ts';

export interface PutContext {
  readonly places: Places;
  readonly files: SpecFiles;
}

export interface NewObject {
  readonly object: Manifest;
  /** Absolute path of the file that it was read from, if it was. */
  readonly file?: string;
  /** Absolute folder that its relative paths start from. */
  readonly folder: string;
  /** Path below the specs directory of the file that it gets for itself; default: by its name. */
  readonly at?: string;
  /** The object as YAML with comments, for a file that it gets for itself. Its paths are absolute. */
  readonly text?: string;
}

/** Puts an object into the specs: where it stands already, or else into a file of its own. */
export async function putObject(next: NewObject, { places, files }: PutContext): Promise<Change> {
  const { kind, metadata } = next.object;
  const { name } = metadata;
  const standing = locateOne(places, { kind, name });
  if (standing === undefined) {
    const file = next.at === undefined ? newFile(places, next.object) : join(places.specs, next.at);
    const before = await files.read(file);
    const fresh = before === undefined ? next.text : undefined;
    files.put(file, fresh ?? rewritten(appendObject(before ?? '', anchored(next, dirname(file))), file));
    return { kind, name, verb: 'created' };
  }
  const { file } = standing;
  if (next.file !== undefined && (await isSameFile(next.file, file))) return { kind, name, verb: 'unchanged' };
  const wanted = dirname(file) === next.folder ? next.object : anchorPaths(next.object, next.folder);
  if (standing.object !== undefined && meansTheSame(standing.object, next, dirname(file))) {
    return { kind, name, verb: 'unchanged' };
  }
  files.put(file, rewritten(replaceObject((await files.read(file)) ?? '', kind, name, wanted), file));
  return { kind, name, verb: 'configured' };
}

/** The object as it is written into a file of that folder. */
export function anchored({ object, folder }: NewObject, into: string): Manifest {
  return folder === into ? object : anchorPaths(object, folder);
}

function meansTheSame(standing: Manifest, { object, folder }: NewObject, standingFolder: string): boolean {
  return hashOf(anchorPaths(standing, standingFolder)) === hashOf(anchorPaths(object, folder));
}

/** Where a new object is written to. */
export function newFile({ specs }: Places, { kind, metadata: { name } }: Manifest): string {
  return join(specs, kind === 'Project' ? `${name}.yaml` : `${kind.toLowerCase()}-${name}.yaml`);
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  if (a === b) return true;
  const [realA, realB] = await Promise.all([a, b].map((path) => realpath(path).catch(() => path)));
  return realA === realB;
}
