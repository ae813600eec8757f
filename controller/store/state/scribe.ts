import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { temporaryOf } from './atomic-write.ts';
import { FILE_MODE, FOLDER_MODE } from './layout.ts';

/** A thread that writes files, one after the other, in the order in which it was asked to. */
export interface Scribe {
  /**
   * For each file one at a time. `textOf` is asked when its turn has come; undefined: the file is to be gone.
   *
   * @returns the file as it was written. Rejects with the error of the failed call.
   */
  write(path: string, textOf: () => string | undefined): Promise<WrittenFile | undefined>;
  /** Settles once nothing is to be written any more, whoever asked for it. Never rejects. */
  idle(): Promise<void>;
}

export interface WrittenFile {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

interface Task {
  readonly textOf: () => string | undefined;
  resolve(written: WrittenFile | undefined): void;
  reject(error: Error): void;
}

interface Answer {
  readonly path: string;
  readonly written?: WrittenFile;
  readonly failure?: { readonly message: string; readonly code: string };
}

/** Files that are handed to the thread at once: of what changes until its turn has come only the last is written. */
const BATCH = 8;
/** One that is being written, and one that waits, so that the thread need not. */
const BATCHES = 2;

/**
 * What the thread runs: as `writeAtomically`, for whoever must not wait. Plain text, so that it is the same whether the
 * sources run or what was built of them. A folder that is taken away in between is made again.
 */
const PROGRAM = `
const { parentPort } = require('node:worker_threads');
const fs = require('node:fs');
const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = fs.constants;

function identityOf({ ino, size, mtimeMs }) {
  return { ino, size, mtimeMs };
}

function fill(fd, text) {
  try {
    fs.writeFileSync(fd, text);
    return identityOf(fs.fstatSync(fd));
  } finally {
    fs.closeSync(fd);
  }
}

function replace({ path, text, temporary, fileMode }) {
  const fd = fs.openSync(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, fileMode);
  try {
    const written = fill(fd, text);
    fs.renameSync(temporary, path);
    // Some file systems (SMB, 9p) settle a file's time when it is closed.
    const closed = identityOf(fs.lstatSync(path));
    return closed.ino === written.ino ? closed : written;
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function carryOut(task) {
  if (task.text === undefined) return void fs.rmSync(task.path, { force: true });
  try {
    return replace(task);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    fs.mkdirSync(task.folder, { recursive: true, mode: task.folderMode });
    return replace(task);
  }
}

function answer(task) {
  try {
    return { path: task.path, written: carryOut(task) };
  } catch (error) {
    return { path: task.path, failure: { message: error.message, code: error.code ?? 'UNKNOWN' } };
  }
}

parentPort.on('message', (tasks) => parentPort.postMessage(tasks.map(answer)));
`;

/** The thread begins with the first file, and keeps no program from ending. */
export function createScribe(): Scribe {
  let thread: Worker | undefined;
  /** By path, in the order in which they came. */
  const waiting = new Map<string, Task>();
  const handed = new Map<string, Task>();
  /** Each settles with what was asked for. */
  const asked = new Set<Promise<void>>();
  let batches = 0;
  let isHandingSoon = false;

  function begin(): Worker {
    const worker = new Worker(PROGRAM, { eval: true, env: {}, execArgv: [] });
    worker.on('message', (answers: readonly Answer[]) => {
      if (worker !== thread) return;
      batches -= 1;
      for (const answer of answers) settle(answer);
      handOver();
      if (handed.size === 0) worker.unref();
    });
    worker.on('error', (error) => {
      if (worker === thread) failed(error);
    });
    return worker;
  }

  /** Whoever waits is told, and tries again in time: by another thread. */
  function failed(error: unknown): void {
    thread = undefined;
    batches = 0;
    const tasks = [...handed.values()];
    handed.clear();
    for (const { reject } of tasks) reject(error instanceof Error ? error : new Error(String(error)));
    if (waiting.size > 0) handOverSoon();
  }

  function settle({ path, written, failure }: Answer): void {
    const task = handed.get(path);
    handed.delete(path);
    if (failure === undefined) task?.resolve(written);
    else task?.reject(Object.assign(new Error(failure.message), { code: failure.code }));
  }

  function handOver(): void {
    while (batches < BATCHES && waiting.size > 0) {
      const batch = [...waiting].slice(0, BATCH);
      for (const [path, task] of batch) {
        waiting.delete(path);
        handed.set(path, task);
      }
      batches += 1;
      try {
        thread ??= begin();
        thread.ref();
        thread.postMessage(batch.map(([path, { textOf }]) => orderOf(path, textOf())));
      } catch (error) {
        // No further thread may be begun, as where there is a limit to processes.
        failed(error);
        return;
      }
    }
  }

  /** One that comes alone is handed over at once, and what is asked for together, together. */
  function handOverSoon(): void {
    if (isHandingSoon) return;
    isHandingSoon = true;
    const hand = () => {
      isHandingSoon = false;
      handOver();
    };
    if (batches === 0) queueMicrotask(hand);
    else setImmediate(hand);
  }

  return {
    write(path, textOf) {
      handOverSoon();
      const written = new Promise<WrittenFile | undefined>((resolve, reject) => {
        waiting.set(path, { textOf, resolve, reject });
      });
      const over: Promise<void> = written.then(nothing, nothing).then(() => {
        asked.delete(over);
      });
      asked.add(over);
      return written;
    },
    async idle() {
      while (asked.size > 0) await Promise.all(asked);
    },
  };
}

/** What the thread is told of a file. */
function orderOf(path: string, text: string | undefined) {
  const names = { temporary: temporaryOf(path), folder: dirname(path) };
  return { path, text, ...names, fileMode: FILE_MODE, folderMode: FOLDER_MODE };
}

const nothing = (): void => undefined;
