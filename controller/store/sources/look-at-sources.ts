import { type Key, kindOf, nameOf } from '../../api/key.ts';
import type { SpecKind } from '../../api/kinds.ts';
import type { Problem } from '../../api/problem.ts';
import { placeInSource, SOURCES, sourcePathOf } from '../../api/source-path.ts';
import type { Entry, ReadFile } from '../specs/fold.ts';
import { readAhead } from './ahead.ts';
import type { RevisionReader } from './revision-reader.ts';
import {
  type FailedAttempt,
  type KeptObject,
  readAttempt,
  readCurrent,
  readKept,
  sourcesOnDisk,
} from './source-files.ts';
import { createVanished, type Followed } from './vanished.ts';
import { type Waiting, waitingProblems } from './waiting-file.ts';

/** As long as nothing of a new source is in force, what is nowhere may be in it, in milliseconds. */
const HOLD_MS = 60_000;
/** How soon it is seen that somebody asked for what waits to be removed, in milliseconds; he is waiting for that. */
const ASKED_MS = 2000;
/** The same, of what may wait for days. */
const ASKED_LATER_MS = 10_000;

export interface SourcesLook {
  readonly files: readonly ReadFile[];
  /** Of which nothing can be said: what came from there stays. '' is everything. */
  readonly closed: readonly string[];
  readonly problems: readonly Problem[];
  /** What stands nowhere and may have been moved to where nobody could look yet. */
  readonly waiting: readonly Waiting[];
  /** Something may stand there that was never seen. */
  readonly unsure: boolean;
  /** Milliseconds until something counts that does not count yet. */
  readonly lookAgainInMs?: number;
}

export interface SourcesInput {
  readonly lastGood: ReadonlyMap<Key, Entry>;
  /** The files of specs/, which may hold GitSources. */
  readonly files: readonly ReadFile[];
  readonly now: number;
}

export interface Sources {
  /** Looks at the revisions in force of all sources. Never rejects, and writes nothing. */
  look(input: SourcesInput): Promise<SourcesLook>;
}

/** What the GitSources add to the files of specs/. */
export function createSources(state: string, reader: RevisionReader, followed?: Followed): Sources {
  const lookForVanished = createVanished(state, followed);
  const waitingSince = new Map<string, number>();

  return {
    async look({ lastGood, files, now }) {
      const wanted = wantedSources(lastGood, files);
      const found: ReadFile[] = [];
      const closed: string[] = [];
      const problems: Problem[] = [];
      const newcomers = new Map<string, number>();
      const ahead = new Map<Key, string>();
      const told = new Map<string, string>();
      const onDisk = sourcesOnDisk(state);
      if (onDisk === undefined) closed.push(SOURCES);
      for (const name of waitingSince.keys()) if (!wanted.has(name)) waitingSince.delete(name);
      for (const name of new Set([...wanted, ...(onDisk ?? [])])) {
        const isWanted = wanted.has(name);
        const current = readCurrent(state, name);
        const isInForce = current !== undefined && (isWanted || !current.prune);
        const texts = isInForce ? await reader.read(state, name, current) : undefined;
        if (isInForce && texts === undefined) closed.push(sourcePathOf(name));
        const attempt = isWanted ? readAttempt(state, name) : undefined;
        problems.push(...(attempt?.problems ?? []));
        if (attempt !== undefined) told.set(name, wordsOf(attempt));
        if (isWanted) for (const key of readAhead(state, name)) ahead.set(key, name);
        if (isWanted && texts === undefined) {
          closed.push(sourcePathOf(name));
          problems.push(notLoaded(name, attempt && wordsOf(attempt)));
          const since = waitingSince.get(name) ?? now;
          waitingSince.set(name, since);
          // Somebody who moves specs into a repository is not to see them end in between, nor by a server's bad minute.
          if (since + HOLD_MS > now) newcomers.set(name, since + HOLD_MS);
        } else waitingSince.delete(name);
        const taken = (texts ?? []).map(({ path, place, result }) => fileOf(sourcePathOf(name, path), place, result));
        const kept = readKept(state, name);
        if (kept.illegible.length > 0) closed.push(sourcePathOf(name));
        problems.push(...kept.illegible.map((path) => notLegible(name, path)));
        found.push(...taken, ...keptFiles(name, kept.objects, [...files, ...found, ...taken]));
      }
      const reason = (name: string) => told.get(name);
      const inForce = [...files, ...found];
      // Without a repository there is nowhere else to be.
      const waiting =
        wanted.size === 0 ? [] : lookForVanished({ lastGood, files: inForce, now, newcomers, ahead, reason });
      problems.push(...waitingProblems(waiting, now));
      const ends = [...newcomers.values(), ...waiting.flatMap(({ until }) => until ?? [])];
      const waits = [...ends.map((end) => Math.max(end - now, 1)), ...waiting.map(askedIn)];
      const unsure = newcomers.size > 0 || waiting.length > 0;
      return {
        files: found,
        closed,
        problems,
        waiting,
        unsure,
        ...(waits.length > 0 && { lookAgainInMs: Math.min(...waits) }),
      };
    },
  };
}

function askedIn({ until }: Waiting): number {
  return until === undefined ? ASKED_LATER_MS : ASKED_MS;
}

function wantedSources(lastGood: ReadonlyMap<Key, Entry>, files: readonly ReadFile[]): ReadonlySet<string> {
  const names = new Set<string>();
  // One that is gone counts until two looks agree that it is.
  for (const key of lastGood.keys()) if (kindOf(key) === 'GitSource') names.add(nameOf(key));
  for (const { result } of files) {
    for (const { kind, name } of result.places) if (kind === 'GitSource') names.add(name);
  }
  return names;
}

function fileOf(source: string, path: string, result: ReadFile['result']): ReadFile {
  return { source, path, result, suspended: false };
}

/** What was kept gives way to whoever declares it again. */
function keptFiles(name: string, kept: readonly KeptObject[], others: readonly ReadFile[]): readonly ReadFile[] {
  if (kept.length === 0) return [];
  const declared = new Set(others.flatMap(({ result }) => result.places.map((place) => `${place.kind}/${place.name}`)));
  return kept
    .filter(({ object }) => !declared.has(`${object.kind}/${object.metadata.name}`))
    .map(({ path, object }) => {
      const kind: SpecKind = object.kind;
      const place = { kind, name: object.metadata.name, documentIndex: 0, line: 1, column: 1 };
      const result = { objects: [{ ...place, object }], places: [place], legible: true, problems: [] };
      return fileOf(sourcePathOf(name, path), placeInSource({ name, path }, undefined), result);
    });
}

/** It may be the only place that says that an agent is still wanted. */
function notLegible(name: string, path: string): Problem {
  return {
    code: 'SourceNotLoaded',
    severity: 'Warning',
    file: `gitsource/${name}`,
    object: { kind: 'GitSource', name },
    message: `what was kept of it cannot be read from ${path}; nothing of it ends until it can`,
    hint: 'repair the file, or remove it if what it kept is to end',
  };
}

/** What is wrong in its files is told by each place's own problem. */
function wordsOf({ message, revision, problems }: FailedAttempt): string {
  const places = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return problems.length === 0 ? message : `${revision ?? 'its commit'} is refused for ${places} in its files`;
}

function notLoaded(name: string, why: string | undefined): Problem {
  return {
    code: 'SourceNotLoaded',
    severity: 'Warning',
    file: `gitsource/${name}`,
    object: { kind: 'GitSource', name },
    message: why === undefined ? 'nothing of it was fetched yet' : `nothing of it is in force: ${why}`,
    hint: `see 'muxlet describe gitsource ${name}'`,
  };
}
