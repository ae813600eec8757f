import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readElf } from './elf.ts';

/** A program by its name or path, as an agent is given it. */
export interface ProgramQuestion {
  readonly program: string;
  /** The agent's PATH. */
  readonly path: string;
  readonly workingDir: string;
}

export interface NativePrograms {
  /** Begins a look, unless there was one just now. Nobody waits for it, nor hears of its failure. */
  look(question: ProgramQuestion): void;
  /** Whether it was seen a moment ago that the program is there, and that the kernel runs it by itself. */
  has(question: ProgramQuestion): boolean;
  /** The same; a look that is under way is waited for, but not for long. Never rejects. */
  hasSoon(question: ProgramQuestion): Promise<boolean>;
}

interface Answer {
  readonly native: boolean;
  /** Where it was found, and which file that was. */
  readonly place?: Place;
}

interface Place {
  readonly path: string;
  readonly file: string;
  /** The program that loads it, if it needs one. */
  readonly interpreter?: string;
}

interface Known {
  /** When the look began. */
  readonly at: number;
  /** None yet: it is under way. */
  answer: Answer | undefined;
  /** Settles once there is an answer. Never rejects. */
  readonly over: Promise<void>;
}

/** What loads programs goes with the system: that it is there is looked at so seldom, in milliseconds. */
const LOADER_MS = 60_000;
/** Asked again within this, the last answer will do; in milliseconds. */
const JUST_NOW_MS = 500;
/** What was seen is relied on for so long, in milliseconds. */
const MOMENT_MS = 1500;
const KEPT = 1000;
/** An agent that is to be started waits no longer for a look, in milliseconds: a shell starts it as well. */
const PATIENCE_MS = 25;

/**
 * Programs that cannot fail to be executed without a word: files of the kernel's own format, for this machine, and what
 * loads them is there. A script may lack its interpreter, which only a shell tells. `now`: a clock that nobody can set.
 */
export function createNativePrograms(now: () => number): NativePrograms {
  const known = new Map<string, Known>();
  /** By what loads programs, when it was there. */
  const loaders = new Map<string, number>();

  async function isLoaded({ interpreter }: Place): Promise<boolean> {
    if (interpreter === undefined) return true;
    const at = now();
    if (at - (loaders.get(interpreter) ?? Number.NEGATIVE_INFINITY) <= LOADER_MS) return true;
    if ((await fileAt(interpreter)) === undefined) return false;
    if (loaders.size >= KEPT) loaders.clear();
    loaders.set(interpreter, at);
    return true;
  }

  async function find(question: ProgramQuestion, before: Answer['place']): Promise<Answer> {
    const places = before === undefined ? placesOf(question) : [before.path, ...placesOf(question)];
    for (const path of places) {
      const file = await fileAt(path);
      if (file === undefined) continue;
      const isSame = before !== undefined && path === before.path && file === before.file;
      if (!isSame && !(await isExecutable(path))) continue;
      const place = isSame ? before : await placeAt(path, file);
      return place !== undefined && (await isLoaded(place)) ? { native: true, place } : { native: false };
    }
    return { native: false };
  }

  function has(question: ProgramQuestion): boolean {
    const one = known.get(keyOf(question));
    return one?.answer?.native === true && now() - one.at <= MOMENT_MS;
  }

  return {
    look(question) {
      const key = keyOf(question);
      const before = known.get(key);
      // A place that gives no answer is asked once.
      if (before !== undefined && (before.answer === undefined || now() - before.at <= JUST_NOW_MS)) return;
      if (known.size >= KEPT) known.clear();
      const place = before?.answer?.native === true ? before.answer.place : undefined;
      const answered = (answer: Answer) => {
        present.answer = answer;
      };
      const over = find(question, place).then(answered, () => {
        answered({ native: false });
      });
      const present: Known = { at: now(), answer: undefined, over };
      known.set(key, present);
    },
    has,
    async hasSoon(question) {
      const one = known.get(keyOf(question));
      if (one !== undefined && one.answer === undefined) {
        await Promise.race([one.over, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
      }
      return has(question);
    },
  };
}

/** Matches a PATH of which one folder at least is not absolute. */
const HAS_RELATIVE = /(?:^|:)(?!\/)/;

/** The working directory is of no consequence to most. */
function keyOf({ program, path, workingDir }: ProgramQuestion): string {
  const isFixed = program.includes('/') ? isAbsolute(program) : !HAS_RELATIVE.test(path);
  return `${program}\0${path}\0${isFixed ? '' : workingDir}`;
}

function placesOf({ program, path, workingDir }: ProgramQuestion): string[] {
  if (program.includes('/')) return [resolve(workingDir, program)];
  return path.split(':').map((folder) => resolve(workingDir, folder, program));
}

/** Tells a file from any other, and from itself before its content or its permissions changed; undefined: there is none. */
async function fileAt(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? `${found.dev} ${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : undefined;
  } catch {
    return undefined;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Undefined: the kernel does not execute it by itself. */
async function placeAt(path: string, file: string): Promise<Place | undefined> {
  const elf = await readElf(path);
  return elf === undefined ? undefined : { path, file, ...elf };
}
