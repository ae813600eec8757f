import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { temporaryOf } from './atomic-write.ts';
import { FILE_MODE, FOLDER_MODE } from './layout.ts';

/** A thread that writes files, one after the other, in the order in which it was asked to. */
export interface Scribe {
  /** @param text undefined: the file is to be gone. @returns the file as it was written. Rejects with the error of the failed call. */
  write(path: string, text: string | undefined): Promise<WrittenFile | undefined>;
}

export interface WrittenFile {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

interface Answer {
  readonly id: number;
  readonly written?: WrittenFile;
  readonly failure?: { readonly message: string; readonly code: string };
}

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

parentPort.on('message', (task) => {
  try {
    parentPort.postMessage({ id: task.id, written: carryOut(task) });
  } catch (error) {
    parentPort.postMessage({ id: task.id, failure: { message: error.message, code: error.code ?? 'UNKNOWN' } });
  }
});
`;

/** The thread begins with the first file, and keeps no program from ending. */
export function createScribe(): Scribe {
  let thread: Worker | undefined;
  let asked = 0;
  const waiting = new Map<number, { resolve(written: WrittenFile | undefined): void; reject(error: Error): void }>();

  function begin(): Worker {
    const worker = new Worker(PROGRAM, { eval: true, env: {}, execArgv: [] });
    worker.on('message', ({ id, written, failure }: Answer) => {
      const asker = waiting.get(id);
      waiting.delete(id);
      if (failure === undefined) asker?.resolve(written);
      else asker?.reject(Object.assign(new Error(failure.message), { code: failure.code }));
      if (waiting.size === 0) worker.unref();
    });
    worker.on('error', (error) => {
      thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return worker;
  }

  return {
    write(path, text) {
      thread ??= begin();
      thread.ref();
      asked += 1;
      const id = asked;
      const done = new Promise<WrittenFile | undefined>((resolve, reject) => waiting.set(id, { resolve, reject }));
      const names = { temporary: temporaryOf(path), folder: dirname(path) };
      thread.postMessage({ id, path, text, ...names, fileMode: FILE_MODE, folderMode: FOLDER_MODE });
      return done;
    },
  };
}
