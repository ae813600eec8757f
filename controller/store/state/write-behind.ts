import { identityAt, identityOf } from './file-identity.ts';
import type { Scribe } from './scribe.ts';
import type { WriteAheadLog } from './write-ahead.ts';
import type { WriteFailures } from './write-failures.ts';

/**
 * As WrittenFiles, but written while everybody goes on: a disk that stalls (a journal of a file system that is being
 * committed takes half a second and more) keeps nobody waiting but those who ask whether something is written.
 */
export interface FilesBehind {
  /** Has it written if the content differs from what was last put. Never throws. */
  put(path: string, text: string): void;
  /**
   * Has it written with what `textOf` says when its turn has come: of changes that come together only the last is made a text.
   * `newsOf` says what of it is to be recorded if somebody cannot wait so long.
   */
  change(path: string, textOf: () => string, newsOf: () => unknown): void;
  remove(path: string): void;
  /** The file stands on disk with this content already. */
  adopt(path: string, text: string, newsOf?: () => unknown): void;
  /** Settles once what was put and removed until now is so on disk, or could not be made so. */
  written(): Promise<void>;
  /**
   * Sees to it that what was put of the file survives this program: it is recorded ahead of being written, which is done at
   * once. Where that cannot be, it settles with the write.
   *
   * @returns whether it does survive
   */
  recorded(path: string): boolean | Promise<boolean>;
  /**
   * Has written again what others deleted or changed, and what failed. Looks at 150 files at a time, in turn, with one
   * lstat each; at all of them if one of these was touched, or if it is told to.
   *
   * @returns which are written again, and which are on their way, of which nobody knows whether what they replace still stands
   */
  heal(all?: boolean): readonly string[];
}

interface File {
  /** Undefined: there is to be no such file. */
  textOf: () => string | undefined;
  /** What is recorded of it ahead of its being written. */
  newsOf: () => unknown;
  /** As it was written; undefined if it is not. */
  identity: string | undefined;
  /** How often something else was wanted of it; up to which of those all was tried. */
  wanted: number;
  tried: number;
  /** Whether what was tried last succeeded. */
  isDone: boolean;
  /** How often its content changed; after which of these changes it was recorded. */
  content: number;
  recorded: number;
  /** Who is told once as much was tried. */
  readonly waiting: { readonly for: number; readonly tell: () => void }[];
}

/** Files that are looked at in one go: with hundreds, to look at all every few seconds is felt. */
const LOOKED_AT = 150;

export interface FilesBehindOptions {
  readonly failures: WriteFailures;
  readonly ahead: Pick<WriteAheadLog, 'record' | 'holds' | 'last' | 'settle'>;
  readonly scribe: Scribe;
}

export function createFilesBehind({ failures, ahead, scribe }: FilesBehindOptions): FilesBehind {
  const files = new Map<string, File>();
  /** Those that are on their way to the disk. */
  const busy = new Set<string>();
  /** Those that are still to be looked at before each was. */
  let round: string[] = [];

  function fileAt(path: string): File {
    const known = files.get(path) ?? {
      textOf: nothing,
      newsOf: () => null,
      identity: undefined,
      wanted: 0,
      tried: 0,
      isDone: true,
      content: 0,
      recorded: 0,
      waiting: [],
    };
    files.set(path, known);
    return known;
  }

  function want(path: string, textOf: File['textOf'], newsOf: File['newsOf']): void {
    const file = fileAt(path);
    Object.assign(file, { textOf, newsOf });
    file.content += 1;
    write(path, file);
  }

  function write(path: string, file: File): void {
    file.wanted += 1;
    if (!busy.has(path)) void bring(path, file);
  }

  /** What changes again on its way is brought once more. Never rejects. */
  async function bring(path: string, file: File): Promise<void> {
    busy.add(path);
    file.identity = undefined;
    let { wanted, content } = file;
    let upTo = ahead.last();
    let text: string | undefined;
    let identity: string | undefined;
    const isWritten = await failures.attemptSoon(path, async () => {
      const written = await scribe.write(path, () => {
        ({ wanted, content } = file);
        // The log is not to be behind a file, or would take its place with what is older, in the moment before it is settled.
        if (ahead.holds(path) && file.recorded !== content) record(path, file);
        upTo = ahead.last();
        text = file.textOf();
        return text;
      });
      identity = written && identityOf(written);
    });
    // Before anybody is told that it is written: what was recorded before must never take its place. What was recorded since
    // the text was made says the same, if nothing has changed since.
    const isDone = isWritten && ahead.settle(path, file.content === content ? ahead.last() : upTo);
    busy.delete(path);
    file.isDone = isDone;
    const isLast = file.wanted === wanted;
    if (isLast && isDone && text === undefined) files.delete(path);
    else if (isLast && isDone) file.identity = identity;
    tried(file, wanted);
    if (!isLast) void bring(path, file);
  }

  function record(path: string, file: File): boolean {
    const isRecorded = ahead.record(path, file.newsOf());
    if (isRecorded) file.recorded = file.content;
    return isRecorded;
  }

  function written(asked: readonly File[]): Promise<void> {
    const open = asked.filter((file) => file.tried < file.wanted);
    return Promise.all(open.map(whenTried)).then(() => undefined);
  }

  return {
    put(path, text) {
      const known = files.get(path);
      if (known?.textOf() === text && (busy.has(path) || known.identity !== undefined)) return;
      const textOf = (): string => text;
      want(path, textOf, textOf);
    },
    change: want,
    remove(path) {
      want(path, nothing, () => null);
    },
    adopt(path, text, newsOf) {
      const textOf = (): string => text;
      Object.assign(fileAt(path), { textOf, newsOf: newsOf ?? textOf, identity: identityAt(path) });
    },
    written: () => written([...files.values()]),
    recorded(path) {
      const file = files.get(path);
      if (file === undefined || (file.tried === file.wanted && file.isDone)) return true;
      if (file.recorded === file.content && ahead.holds(path)) return true;
      return record(path, file) || written([file]).then(() => file.isDone);
    },
    heal(all = false) {
      const onTheirWay = [...busy];
      if (round.length === 0) round = [...files.keys()];
      const turn = new Set(round.splice(0, LOOKED_AT));
      const resting = [...files].filter(([path]) => !busy.has(path));
      const due = resting.filter(([path, { identity }]) => all || identity === undefined || turn.has(path));
      // Where something was done to one file, it may have been done to all.
      const touched = due.some(isTouched) ? resting.filter(isTouched) : [];
      for (const [path, file] of touched) write(path, file);
      return [...onTheirWay, ...touched.map(([path]) => path)];
    },
  };
}

const nothing = (): undefined => undefined;

function isTouched([path, { identity }]: readonly [string, File]): boolean {
  return identity === undefined || identity !== identityAt(path);
}

function tried(file: File, wanted: number): void {
  file.tried = wanted;
  const isOver = ({ for: asked }: File['waiting'][number]): boolean => asked <= wanted;
  const over = file.waiting.filter(isOver);
  file.waiting.splice(0, file.waiting.length, ...file.waiting.filter((one) => !isOver(one)));
  for (const { tell } of over) tell();
}

function whenTried(file: File): Promise<void> {
  return new Promise((resolve) => {
    file.waiting.push({ for: file.wanted, tell: resolve });
  });
}
