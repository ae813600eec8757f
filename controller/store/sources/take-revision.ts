import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SourceObject } from '../../api/generated/all.ts';
import type { CurrentRevision, ExportedRevision, LookOutcome } from '../../api/git-revision.ts';
import type { Manifest } from '../../api/manifest.ts';
import { hashOf } from '../../api/metadata.ts';
import { formatProblem, type Problem } from '../../api/problem.ts';
import { fold } from '../specs/fold.ts';
import { byPlace } from '../specs/problem-order.ts';
import { layoutOfSource } from './layout.ts';
import type { RevisionReader, RevisionText } from './revision-reader.ts';
import { keptPath, readCurrent, readKept, writeAttempt, writeCurrent, writeKept } from './source-files.ts';

export interface TakeRequest {
  readonly name: string;
  readonly exported: ExportedRevision;
  readonly prune: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How many wrong places are named in words; all are problems. */
const NAMED = 3;
/** Those beyond follow from the first ones, or are no more than anybody reads. */
const KEPT_PROBLEMS = 100;

/**
 * Puts an exported revision in force if all of it is good, and none of it otherwise. The order of the writes is that in
 * which a controller may be killed between any two of them: what is kept is written down before it can vanish, and the
 * one file that decides comes last.
 *
 * Throws the error of a failed system call; what was in force is in force then.
 */
export async function takeRevision(state: string, reader: RevisionReader, request: TakeRequest): Promise<LookOutcome> {
  const { name, exported, prune, now } = request;
  const { revision } = exported;
  const layout = layoutOfSource(state, name);
  const texts = await reader.read(state, name, exported);
  if (texts === undefined) {
    return { type: 'Failed', reason: 'FetchFailed', message: `the files of ${revision} cannot be read` };
  }
  const problems = problemsOf(texts);
  const before = readCurrent(state, name);
  if (problems.length > 0) {
    await removeOthers(layout.revisions, new Set([exported.folder, before?.folder ?? '']));
    return refused(revision, problems);
  }
  const old = before === undefined ? [] : ((await reader.read(state, name, before)) ?? []);
  const next = new Map(objectsIn(texts).map((one) => [idOf(one), one]));
  const gone = objectsIn(old).filter((one) => !next.has(idOf(one)));
  if (!prune) for (const { path, object } of gone) writeKept(state, name, { path, object });

  const isSame = before?.folder === exported.folder;
  const takenAt = isSame ? before.takenAt : new Date(now).toISOString();
  const current: CurrentRevision = { ...exported, prune, takenAt, objects: [...next.values()].map(shown) };
  pointTo(layout.tree, join('revisions', exported.folder));
  writeCurrent(state, name, current);
  writeAttempt(state, name, undefined);
  for (const { object } of readKept(state, name)) {
    const { kind, metadata } = object;
    const isBack = next.has(`${kind}/${metadata.name}`);
    if (prune || isBack) rmSync(keptPath(state, name, { kind, name: metadata.name }), { force: true });
  }
  reader.keep(name, current);
  // The one before stays: whoever has just begun to read a file of it reads on.
  await removeOthers(layout.revisions, new Set([exported.folder, before?.folder ?? '']));
  return { type: 'Taken', revision, news: isSame ? '' : newsOf(objectsIn(old), next, gone.length) };
}

/** Everything that is wrong in the files of one revision taken by itself. */
function problemsOf(texts: readonly RevisionText[]): readonly Problem[] {
  const files = texts.map(({ path, place, result }) => ({ source: path, path: place, result, suspended: false }));
  const { problems } = fold({ closed: [], files, lastGood: new Map(), presets: new Map() });
  return problems.filter(({ severity }) => severity === 'Error').toSorted(byPlace);
}

function refused(revision: string, problems: readonly Problem[]): LookOutcome {
  const more = problems.length > NAMED ? `, and ${problems.length - NAMED} more` : '';
  const message = `${problems.slice(0, NAMED).map(formatProblem).join('; ')}${more}`;
  return { type: 'Refused', reason: 'RevisionInvalid', message, revision, problems: problems.slice(0, KEPT_PROBLEMS) };
}

interface FoundObject {
  readonly path: string;
  readonly object: Manifest;
}

function objectsIn(texts: readonly RevisionText[]): FoundObject[] {
  return texts.flatMap(({ path, result }) => result.objects.map(({ object }) => ({ path, object })));
}

function idOf({ object }: FoundObject): string {
  return `${object.kind}/${object.metadata.name}`;
}

function shown({ path, object }: FoundObject): SourceObject {
  return { kind: object.kind, name: object.metadata.name, file: path };
}

/** `3 objects: 1 new, 1 changed, 1 gone` */
function newsOf(old: readonly FoundObject[], next: ReadonlyMap<string, FoundObject>, gone: number): string {
  const before = new Map(old.map((one) => [idOf(one), one.object]));
  let fresh = 0;
  let changed = 0;
  for (const [id, { object }] of next) {
    const was = before.get(id);
    if (was === undefined) fresh += 1;
    else if (was !== object && hashOf(was) !== hashOf(object)) changed += 1;
  }
  const parts = [fresh > 0 && `${fresh} new`, changed > 0 && `${changed} changed`, gone > 0 && `${gone} gone`];
  const what = parts.filter((part) => part !== false).join(', ');
  return `${next.size} ${next.size === 1 ? 'object' : 'objects'}${what === '' ? ', none changed' : `: ${what}`}`;
}

/** Whoever follows the link gets to the old folder or to the new one. */
function pointTo(link: string, target: string): void {
  try {
    if (readlinkSync(link) === target) return;
  } catch {
    // It is not there, or no link.
  }
  const temporary = join(dirname(link), '.tree.tmp');
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, link);
}

async function removeOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const others = readdirSync(folder).filter((name) => !wanted.has(name));
  await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
