import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';

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
}

interface Answer {
  readonly native: boolean;
  /** Where it was found, and which file that was. */
  readonly place?: { readonly path: string; readonly file: string };
}

interface Known {
  /** When the look began. */
  readonly at: number;
  /** None yet: it is under way. */
  answer: Answer | undefined;
}

/** Asked again within this, the last answer will do; in milliseconds. */
const JUST_NOW_MS = 500;
/** What was seen is relied on for so long, in milliseconds. */
const MOMENT_MS = 1500;
const KEPT = 1000;
/** The first bytes of a program on Linux. */
const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/**
 * Programs that cannot fail to be executed without a word: files of the kernel's own format. A script may lack its
 * interpreter, which only a shell tells. `now`: a clock that nobody can set.
 */
export function createNativePrograms(now: () => number): NativePrograms {
  const known = new Map<string, Known>();

  async function find(question: ProgramQuestion, before: Answer['place']): Promise<Answer> {
    const places = before === undefined ? placesOf(question) : [before.path, ...placesOf(question)];
    for (const path of places) {
      const file = await fileAt(path);
      if (file === undefined) continue;
      if (before !== undefined && path === before.path && file === before.file) return { native: true, place: before };
      if (await isExecutable(path)) return { native: await isElf(path), place: { path, file } };
    }
    return { native: false };
  }

  return {
    look(question) {
      const key = keyOf(question);
      const before = known.get(key);
      // A place that gives no answer is asked once.
      if (before !== undefined && (before.answer === undefined || now() - before.at <= JUST_NOW_MS)) return;
      if (known.size >= KEPT) known.clear();
      const place = before?.answer?.native === true ? before.answer.place : undefined;
      const present: Known = { at: now(), answer: undefined };
      known.set(key, present);
      const answered = (answer: Answer) => {
        present.answer = answer;
      };
      find(question, place).then(answered, () => {
        answered({ native: false });
      });
    },
    has(question) {
      const one = known.get(keyOf(question));
      return one?.answer?.native === true && now() - one.at <= MOMENT_MS;
    },
  };
}

/** The working directory is of no consequence to most. */
function keyOf({ program, path, workingDir }: ProgramQuestion): string {
  const isFixed = program.includes('/') ? isAbsolute(program) : path.split(':').every(isAbsolute);
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

async function isElf(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ELF.length), 0, ELF.length, 0);
    return bytesRead === ELF.length && buffer.equals(ELF);
  } finally {
    await file.close();
  }
}
