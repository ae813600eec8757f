import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SourceObject } from '../../api/generated/all.ts';
import type { CurrentRevision, ExportedRevision, LookOutcome } from '../../api/git-revision.ts';
import type { Manifest } from '../../api/manifest.ts';
import { hashOf } from '../../api/metadata.ts';
import { formatProblem, type Problem } from '../../api/problem.ts';
import { sourcePathOf } from '../../api/source-path.ts';
import { fold } from '../specs/fold.ts';
import { byPlace } from '../specs/problem-order.ts';
import { forgetAhead, writeAhead } from './ahead.ts';
import { layoutOfSource } from './layout.ts';
import type { RevisionReader, RevisionText } from './revision-reader.ts';
import { keptPath, readCurrent, readKept, writeAttempt, writeCurrent, writeKept } from './source-files.ts';

export interface TakeRequest {
  readonly name: string;
  readonly exported: ExportedRevision;
  readonly prune: boolean;
  /** What is in force of the source by the specs, wherever that is on record: its own records may be lost. */
  readonly known?: readonly FoundObject[];
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
  const { name, exported, prune, now, known = [] } = request;
  const { revision } = exported;
  const layout = layoutOfSource(state, name);
  const texts = await reader.read(state, name, exported);
  if (texts === undefined) {
    await removeSpoilt(state, reader, { name, exported });
    return { type: 'Failed', reason: 'FetchFailed', message: `the files of ${revision} cannot be read` };
  }
  const problems = problemsOf(name, texts);
  const before = readCurrent(state, name);
  if (problems.length > 0) {
    // What was moved into it is known to be somewhere, although not in what version.
    writeAhead(state, name, { revision, texts });
    return refused(revision, problems);
  }
  const old = before === undefined ? [] : ((await reader.read(state, name, before)) ?? []);
  const next = new Map(objectsIn(texts).map((one) => [idOf(one), one]));
  const gone = (before === undefined ? known : objectsIn(old)).filter((one) => !next.has(idOf(one)));
  if (!prune) for (const { path, object } of gone) writeKept(state, name, { path, object });

  const isSame = before?.folder === exported.folder;
  const takenAt = isSame ? before.takenAt : new Date(now).toISOString();
  const current: CurrentRevision = { ...exported, prune, takenAt, objects: [...next.values()].map(shown) };
  pointTo(layout.tree, join('revisions', exported.folder));
  writeCurrent(state, name, current);
  writeAttempt(state, name, undefined);
  forgetAhead(state, name);
  for (const { object } of readKept(state, name).objects) {
    const { kind, metadata } = object;
    const isBack = next.has(`${kind}/${metadata.name}`);
    if (prune || isBack) rmSync(keptPath(state, name, { kind, name: metadata.name }), { force: true });
  }
  reader.keep(name, current);
  return { type: 'Taken', revision, news: isSame ? '' : newsOf(objectsIn(old), next, gone.length) };
}

/** The next look writes anew what is not there, and shares nothing with what was before if that is spoilt as well. */
async function removeSpoilt(
  state: string,
  reader: RevisionReader,
  { name, exported }: Pick<TakeRequest, 'name' | 'exported'>,
): Promise<void> {
  const { revisions } = layoutOfSource(state, name);
  const before = readCurrent(state, name);
  const isSpoilt = before !== undefined && (await reader.read(state, name, before)) === undefined;
  const folders = [exported.folder, ...(isSpoilt ? [before.folder] : [])];
  await Promise.all(folders.map((folder) => rm(join(revisions, folder), { recursive: true, force: true })));
}

/** Everything that is wrong in the files of one revision taken by itself. */
function problemsOf(name: string, texts: readonly RevisionText[]): readonly Problem[] {
  const files = texts.map(({ path, place, result }) => {
    return { source: sourcePathOf(name, path), path: place, result, suspended: false };
  });
  const { problems } = fold({ closed: [], files, lastGood: new Map(), presets: new Map() });
  return problems.filter(({ severity }) => severity === 'Error').toSorted(byPlace);
}

function refused(revision: string, problems: readonly Problem[]): LookOutcome {
  const more = problems.length > NAMED ? `, and ${problems.length - NAMED} more` : '';
  const message = `${problems.slice(0, NAMED).map(formatProblem).join('; ')}${more}`;
  return { type: 'Refused', reason: 'RevisionInvalid', message, revision, problems: problems.slice(0, KEPT_PROBLEMS) };
}

export interface FoundObject {
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

/**
 * Removes revisions that nobody needs any more. The two latest stay, the one in force always: whoever has just begun to
 * read a file reads on, and a commit that is refused is not written anew at every look.
 */
export async function tidyRevisions(state: string, name: string): Promise<void> {
  const { revisions } = layoutOfSource(state, name);
  const current = readCurrent(state, name)?.folder;
  const found = await readdir(revisions).catch((): string[] => []);
  const aged = await Promise.all(
    found
      .filter((folder) => folder !== current)
      .map(async (folder) => {
        const path = join(revisions, folder);
        return {
          path,
          at: await stat(path).then(
            ({ ctimeMs }) => ctimeMs,
            () => 0,
          ),
        };
      }),
  );
  const old = aged.sort((a, b) => b.at - a.at).slice(1);
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })));
}
