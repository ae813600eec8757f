import { identityAt, identityOf } from './file-identity.ts';
import { createScribe } from './scribe.ts';
import type { WriteFailures } from './write-failures.ts';

/**
 * As WrittenFiles, but written while everybody goes on: a disk that stalls (a journal of a file system that is being
 * committed takes half a second and more) keeps nobody waiting but those who ask whether something is written.
 */
export interface FilesBehind {
  /** Has it written if the content differs from what was last put. Never throws. */
  put(path: string, text: string): void;
  /** Has it written with what `textOf` says when its turn has come: of changes that come together only the last is made a text. */
  change(path: string, textOf: () => string): void;
  remove(path: string): void;
  /** The file stands on disk with this content already. */
  adopt(path: string, text: string): void;
  /** Settles once what was put and removed until now is so on disk, or could not be made so; of one file, or of all. */
  written(path?: string): Promise<void>;
  /** As `written`, and before all for which nobody is in such a hurry. @returns whether the file stands as it was put */
  writtenSoon(path: string): Promise<boolean>;
  /**
   * Has written again what others deleted or changed, and what failed. Looks at 150 files at a time, in turn, with one
   * lstat each; at all of them if one of these was touched, or if it is told to.
   */
  heal(all?: boolean): void;
}

interface File {
  /** Undefined: there is to be no such file. */
  textOf: () => string | undefined;
  /** As it was written; undefined if it is not. */
  identity: string | undefined;
  /** How often something else was wanted of it; up to which of those all was tried. */
  wanted: number;
  tried: number;
  /** Whether what was tried last succeeded. */
  isDone: boolean;
  /** Somebody waits for it who is in a hurry. */
  hurries: boolean;
  /** Who is told once as much was tried. */
  readonly waiting: { readonly for: number; readonly tell: () => void }[];
}

/** Files that are looked at in one go: with hundreds, to look at all every few seconds is felt. */
const LOOKED_AT = 150;

export function createFilesBehind(failures: WriteFailures): FilesBehind {
  const scribe = createScribe();
  const files = new Map<string, File>();
  /** Those that are on their way to the disk. */
  const busy = new Set<string>();
  /** Those that are still to be looked at before each was. */
  let round: string[] = [];

  function fileAt(path: string): File {
    const known = files.get(path) ?? {
      textOf: nothing,
      identity: undefined,
      wanted: 0,
      tried: 0,
      isDone: true,
      hurries: false,
      waiting: [],
    };
    files.set(path, known);
    return known;
  }

  function want(path: string, textOf: File['textOf']): void {
    const file = fileAt(path);
    file.textOf = textOf;
    file.wanted += 1;
    if (!busy.has(path)) void bring(path, file);
  }

  /** What changes again on its way is brought once more. Never rejects. */
  async function bring(path: string, file: File): Promise<void> {
    busy.add(path);
    file.identity = undefined;
    let { wanted } = file;
    let text: string | undefined;
    let identity: string | undefined;
    const isDone = await failures.attemptSoon(path, async () => {
      const writing = scribe.write(path, () => {
        ({ wanted } = file);
        text = file.textOf();
        return text;
      });
      if (file.hurries) scribe.hurry(path);
      const written = await writing;
      identity = written && identityOf(written);
    });
    busy.delete(path);
    file.isDone = isDone;
    const isLast = file.wanted === wanted;
    if (isLast && isDone && text === undefined) files.delete(path);
    else if (isLast) file.identity = identity;
    tried(file, wanted);
    if (isLast) file.hurries = false;
    else void bring(path, file);
  }

  function written(asked: readonly (File | undefined)[]): Promise<void> {
    const open = asked.filter((file) => file !== undefined && file.tried < file.wanted);
    return Promise.all(open.map((file) => file && whenTried(file))).then(() => undefined);
  }

  return {
    put(path, text) {
      const known = files.get(path);
      if (known?.textOf() === text && (busy.has(path) || known.identity !== undefined)) return;
      want(path, () => text);
    },
    change: want,
    remove(path) {
      want(path, nothing);
    },
    adopt(path, text) {
      Object.assign(fileAt(path), { textOf: () => text, identity: identityAt(path) });
    },
    written: (path) => written(path === undefined ? [...files.values()] : [files.get(path)]),
    writtenSoon(path) {
      const file = files.get(path);
      if (file !== undefined) file.hurries = file.tried < file.wanted;
      scribe.hurry(path);
      return written([file]).then(() => file?.isDone !== false);
    },
    heal(all = false) {
      if (round.length === 0) round = [...files.keys()];
      const turn = new Set(round.splice(0, LOOKED_AT));
      const resting = [...files].filter(([path]) => !busy.has(path));
      const due = resting.filter(([path, { identity }]) => all || identity === undefined || turn.has(path));
      // Where something was done to one file, it may have been done to all.
      for (const [path, { textOf }] of due.some(isTouched) ? resting.filter(isTouched) : []) want(path, textOf);
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
