import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ExportedRevision, RevisionFile } from '../../api/git-revision.ts';
import type { Problem } from '../../api/problem.ts';
import { placeInSource } from '../../api/source-path.ts';
import { decodeUtf8 } from '../specs/decode-utf8.ts';
import { type ValidatedText, validateText } from '../specs/validate-text.ts';
import { layoutOfSource } from './layout.ts';
import { sourceRules } from './source-rules.ts';

/** Fresh files that are parsed before others get a turn of the event loop. */
const FILES_A_TURN = 20;

export interface RevisionReader {
  /**
   * Parses the spec files of an exported revision; a file whose content was read before, in whatever revision, is not
   * even opened.
   *
   * @returns undefined if a file cannot be read, or is not what was committed: then nothing can be said of the revision
   */
  read(state: string, name: string, revision: ExportedRevision): Promise<readonly RevisionText[] | undefined>;
  /** Forgets what no revision of the source holds but this one. */
  keep(name: string, revision: ExportedRevision | undefined): void;
}

export interface RevisionText {
  readonly path: string;
  /** As people are shown it. */
  readonly place: string;
  readonly result: ValidatedText;
}

export function createRevisionReader(): RevisionReader {
  /** By source, then by path and content. */
  const cache = new Map<string, Map<string, ValidatedText>>();

  return {
    async read(state, name, revision) {
      const known = cache.get(name) ?? new Map<string, ValidatedText>();
      cache.set(name, known);
      const folder = join(layoutOfSource(state, name).revisions, revision.folder);
      const texts: RevisionText[] = [];
      let fresh = 0;
      for (const file of revision.files) {
        const id = idOf(file);
        let result = known.get(id);
        if (result === undefined) {
          if (++fresh % FILES_A_TURN === 0) await setImmediate();
          result = readText(join(folder, file.path), file);
          if (result === undefined) return undefined;
          known.set(id, result);
        }
        const place = placeInSource({ name, path: file.path }, revision.commit);
        texts.push({ path: file.path, place, result: placedAt(result, place) });
      }
      return texts;
    },
    keep(name, revision) {
      const known = cache.get(name);
      if (known === undefined) return;
      if (revision === undefined) {
        cache.delete(name);
        return;
      }
      const wanted = new Set(revision.files.map(idOf));
      for (const id of known.keys()) if (!wanted.has(id)) known.delete(id);
    },
  };
}

function idOf({ path, oid }: RevisionFile): string {
  return `${oid} ${path}`;
}

function readText(file: string, { path, oid }: RevisionFile): ValidatedText | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  // After a power failure a file may be there without its content: an empty one declares nothing, and would end agents.
  if (blobId(bytes, oid.length) !== oid) return undefined;
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const problem = { file: path, line: 1, column: 1, message: 'the file is not UTF-8', hint: 'save it as UTF-8' };
    return {
      objects: [],
      places: [],
      legible: false,
      problems: [{ code: 'ParseError', severity: 'Error', ...problem }],
    };
  }
  const result = validateText(text, path);
  const against = sourceRules(result, path);
  return against.length === 0 ? result : { ...result, problems: [...result.problems, ...against] };
}

/** What git calls a file of this content (gitformat-pack(5)). */
function blobId(bytes: Uint8Array, digits: number): string {
  const hash = createHash(digits === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The same text may stand in many commits; each problem is to name the one that is meant. */
function placedAt(result: ValidatedText, place: string): ValidatedText {
  if (result.problems.length === 0) return result;
  return { ...result, problems: result.problems.map((problem): Problem => ({ ...problem, file: place })) };
}
