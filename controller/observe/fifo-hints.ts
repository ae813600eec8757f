import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

export interface FifoHints {
  /** Listens for the end of a run that holds the FIFO at `path`; of one run at a time for each path. */
  watch(path: string, run: string, onEnd: () => void): void;
  forget(path: string): void;
  close(): void;
}

/**
 * Hears of a process's end within a millisecond: the FIFO that it holds open is closed with it. A hint only: children
 * inherit the FIFO, and a program may close it early.
 */
export function createFifoHints(): FifoHints {
  const watched = new Map<string, { readonly run: string; readonly socket: Socket }>();

  function forget(path: string): void {
    watched.get(path)?.socket.destroy();
    watched.delete(path);
  }

  return {
    watch(path, run, onEnd) {
      if (watched.get(path)?.run === run) return;
      forget(path);
      const socket = open(path);
      if (socket === undefined) return;
      watched.set(path, { run, socket });
      // The entry stays after the end, so that a run that closed its FIFO early is not listened to in a circle.
      socket.once('end', onEnd);
      socket.on('error', () => undefined);
      socket.resume();
    },
    forget,
    close() {
      for (const path of watched.keys()) forget(path);
    },
  };
}

/** Opened for reading without waiting; as long as nobody has opened it for writing, it is silent. */
function open(path: string): Socket | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  } catch {
    if (fd !== undefined) closeSync(fd);
    return undefined;
  }
}
