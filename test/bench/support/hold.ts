import { execFileSync } from 'node:child_process';
import { constants, existsSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** A FIFO that a process holds open while it lives. */
export function holdPath(root: string, name: string): string {
  const path = join(root, 'holds', name.replaceAll('/', '-'));
  if (!existsSync(path)) execFileSync('mkfifo', [path]);
  return path;
}

/** Settles as soon as nobody holds it any more. Somebody must hold it now. */
export function released(path: string): Promise<void> {
  const socket = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
  return new Promise((resolve) => {
    socket.once('end', () => {
      socket.destroy();
      resolve();
    });
    socket.resume();
  });
}
