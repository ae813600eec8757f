/**
 * What stands on disk of the GitSources: which revision of each is in force, what became of the last look at one, and
 * what was kept. Readers and the one writer meet in these files; each is replaced as a whole.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceObject } from '../../api/generated/all.ts';
import type { CurrentRevision, RevisionFile } from '../../api/git-revision.ts';
import { findKind, type SpecKind } from '../../api/kinds.ts';
import type { Manifest } from '../../api/manifest.ts';
import { PROBLEM_CODES, type Problem } from '../../api/problem.ts';
import { validatorOf } from '../schemas.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import { isRecord } from '../state/check.ts';
import { layoutOfSource, sourcesFolder } from './layout.ts';

const VERSION = 1;

/** The last look did not end with a revision in force. */
export interface FailedAttempt {
  readonly revision?: string;
  readonly reason: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** An object that is in force although its repository holds it no more. */
export interface KeptObject {
  /** From the folder that spec.path named. */
  readonly path: string;
  readonly object: Manifest;
}

/** Names of all sources of which anything is there; undefined where that cannot be read. */
export function sourcesOnDisk(state: string): readonly string[] | undefined {
  try {
    return readdirSync(sourcesFolder(state))
      .filter((name) => /^[a-z0-9][a-z0-9.-]*$/.test(name))
      .sort();
  } catch (error) {
    return isMissing(error) ? [] : undefined;
  }
}

/** Undefined if none is in force, or its record is of no use: then it is fetched anew. */
export function readCurrent(state: string, name: string): CurrentRevision | undefined {
  const raw = readJson(layoutOfSource(state, name).current);
  if (!isRecord(raw) || raw['version'] !== VERSION) return undefined;
  const { revision, commit, path, url, folder, prune, takenAt, files, objects, signer } = raw;
  const texts = [revision, commit, path, url, folder, takenAt];
  if (!texts.every((text) => typeof text === 'string') || !Array.isArray(files) || !Array.isArray(objects))
    return undefined;
  if (!/^[0-9a-f]{40,64}-[0-9a-f]+$/.test(String(folder)) || typeof prune !== 'boolean') return undefined;
  if (!files.every(isFile) || !objects.every(isSourceObject)) return undefined;
  return {
    ...({ revision, commit, path, url, folder, takenAt } as Record<
      'revision' | 'commit' | 'path' | 'url' | 'folder' | 'takenAt',
      string
    >),
    prune,
    files,
    objects,
    ...(typeof signer === 'string' && { signer }),
  };
}

/** Throws the error of the failed system call. */
export function writeCurrent(state: string, name: string, current: CurrentRevision): void {
  writeAtomically(layoutOfSource(state, name).current, `${JSON.stringify({ version: VERSION, ...current })}\n`);
}

export function readAttempt(state: string, name: string): FailedAttempt | undefined {
  const raw = readJson(layoutOfSource(state, name).attempt);
  if (!isRecord(raw) || raw['version'] !== VERSION) return undefined;
  const { revision, reason, message, problems } = raw;
  if (typeof reason !== 'string' || typeof message !== 'string' || !Array.isArray(problems)) return undefined;
  return { reason, message, problems: problems.filter(isProblem), ...(typeof revision === 'string' && { revision }) };
}

/** Undefined: the last look ended well. Throws the error of the failed system call. */
export function writeAttempt(state: string, name: string, attempt: FailedAttempt | undefined): void {
  const path = layoutOfSource(state, name).attempt;
  if (attempt === undefined) rmSync(path, { force: true });
  else writeAtomically(path, `${JSON.stringify({ version: VERSION, ...attempt }, undefined, 2)}\n`);
}

export interface Kept {
  readonly objects: readonly KeptObject[];
  /** Paths that are there and cannot be read: of what they hold nothing is known to be gone. */
  readonly illegible: readonly string[];
}

export function readKept(state: string, name: string): Kept {
  const folder = layoutOfSource(state, name).kept;
  let files: string[];
  try {
    files = readdirSync(folder)
      .filter((file) => file.endsWith('.json') && !file.startsWith('.'))
      .sort();
  } catch (error) {
    return { objects: [], illegible: isMissing(error) ? [] : [folder] };
  }
  const objects: KeptObject[] = [];
  const illegible: string[] = [];
  for (const path of files.map((file) => join(folder, file))) {
    const raw = readJson(path);
    const object = isRecord(raw) && raw['version'] === VERSION ? raw['object'] : undefined;
    if (isRecord(raw) && typeof raw['path'] === 'string' && isManifest(object))
      objects.push({ path: raw['path'], object });
    // Deleted by hand since the folder was read, perhaps.
    else if (existsSync(path)) illegible.push(path);
  }
  return { objects, illegible };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

export function keptPath(
  state: string,
  source: string,
  { kind, name }: { readonly kind: string; readonly name: string },
) {
  return join(layoutOfSource(state, source).kept, `${kind.toLowerCase()}-${encodeURIComponent(name)}.json`);
}

/** Throws the error of the failed system call. */
export function writeKept(state: string, source: string, kept: KeptObject): void {
  const { kind, metadata } = kept.object;
  const path = keptPath(state, source, { kind, name: metadata.name });
  writeAtomically(path, `${JSON.stringify({ version: VERSION, ...kept })}\n`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isFile(value: unknown): value is RevisionFile {
  return (
    isRecord(value) && typeof value['oid'] === 'string' && typeof value['path'] === 'string' && isInside(value['path'])
  );
}

function isInside(path: string): boolean {
  return !path.startsWith('/') && path.split('/').every((part) => part !== '' && part !== '..');
}

function isSourceObject(value: unknown): value is SourceObject {
  return isRecord(value) && ['kind', 'name', 'file'].every((field) => typeof value[field] === 'string');
}

function isProblem(value: unknown): value is Problem {
  if (!isRecord(value)) return false;
  const { code, severity, file, message } = value;
  return (
    typeof code === 'string' &&
    Object.hasOwn(PROBLEM_CODES, code) &&
    (severity === 'Error' || severity === 'Warning') &&
    typeof file === 'string' &&
    typeof message === 'string'
  );
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value) || typeof value['kind'] !== 'string') return false;
  const info = findKind(value['kind']);
  if (info === undefined || info.readOnly || info.kind !== value['kind']) return false;
  return validatorOf(info.kind as SpecKind)(value);
}
