/**
 * What stands in no spec any more and is not taken for gone yet: state/vanished.json. The controller writes it; whoever
 * only reads takes it from there, and a controller that comes after this one waits no longer for it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Key, kindOf, nameOf } from '../../api/key.ts';
import type { Problem } from '../../api/problem.ts';
import { parseSourcePath, placeInSource } from '../../api/source-path.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import { isRecord } from '../state/check.ts';
import type { Checked } from '../state/check-object.ts';
import { loadJson } from '../state/load-file.ts';

/** Times: milliseconds since the epoch. */
export interface Waiting {
  readonly key: Key;
  /** The file that it stood in. */
  readonly source: string;
  readonly since: number;
  /** It is in one of the repositories, and only not in force from there. */
  readonly movedTo?: string;
  /** Otherwise: when it is taken for gone, whoever has not answered by then. */
  readonly until?: number;
  /** What is known of those that are waited for, in words. */
  readonly reasons: readonly string[];
}

/** What is answered so soon need not be told, in milliseconds. */
const UNTOLD_MS = 2000;

export function readWaiting(state: string): readonly Waiting[] {
  const loaded = loadJson(pathOf(state), checkWaiting);
  return loaded.type === 'Loaded' ? loaded.value : [];
}

/** Throws the error of the failed system call. */
export function writeWaiting(state: string, waiting: readonly Waiting[]): void {
  if (waiting.length === 0) rmSync(pathOf(state), { force: true });
  else writeAtomically(pathOf(state), `${JSON.stringify({ version: 1, waiting }, undefined, 2)}\n`);
}

/** A problem for each that is waited for longer than an answer takes. */
export function waitingProblems(waiting: readonly Waiting[], now: number): readonly Problem[] {
  return waiting.filter(({ since, movedTo }) => movedTo !== undefined || now - since >= UNTOLD_MS).map(toProblem);
}

function toProblem({ key, source, movedTo, until, reasons }: Waiting): Problem {
  const kind = kindOf(key);
  const name = nameOf(key);
  const place = parseSourcePath(source);
  const what = `${kind} ${name} stands in no spec any more that is in force`;
  const remove = `'muxlet delete ${kind.toLowerCase()} ${name}' ends it at once`;
  const about = {
    code: 'SpecVanished',
    severity: 'Warning',
    file: place === undefined ? source : placeInSource(place, undefined),
    object: { kind, name },
  } as const;
  const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
  if (movedTo !== undefined) {
    const message = `${what}; gitsource/${movedTo} holds it in a commit that is not in force${why}: it goes on as it was`;
    return { ...about, message, hint: remove };
  }
  const end = until === undefined ? 'soon' : `at ${new Date(until).toISOString().slice(0, 19)}Z`;
  const where = `may be in a repository that could not be looked at since${why}`;
  const message = `${what}; it ${where}, and ends ${end} unless it is found there`;
  return { ...about, message, hint: remove };
}

function pathOf(state: string): string {
  return join(state, 'vanished.json');
}

function checkWaiting(raw: unknown): Checked<readonly Waiting[]> {
  if (!isRecord(raw) || raw['version'] !== 1 || !Array.isArray(raw['waiting'])) {
    return { type: 'Unusable', why: 'its version is not 1' };
  }
  return { type: 'Usable', value: raw['waiting'].filter(isWaiting), dropped: [] };
}

function isWaiting(value: unknown): value is Waiting {
  if (!isRecord(value)) return false;
  const { key, source, since, movedTo, until, reasons } = value;
  return (
    typeof key === 'string' &&
    key.includes('/') &&
    typeof source === 'string' &&
    typeof since === 'number' &&
    (until === undefined || typeof until === 'number') &&
    (movedTo === undefined || typeof movedTo === 'string') &&
    Array.isArray(reasons) &&
    reasons.every((reason) => typeof reason === 'string')
  );
}
