import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Where tmux puts its sockets: $TMUX_TMPDIR or /tmp, and a folder per user (tmux(1), FILES and -L). */
export function socketDirectory(env: Readonly<Record<string, string | undefined>>, uid: number): string {
  return join(env['TMUX_TMPDIR'] || '/tmp', `tmux-${uid}`);
}

/**
 * What is behind a socket, by the error code of connect(2), not by anyone's wording:
 * - Alive: something accepts connections;
 * - Gone: there is no socket, or nobody listens on it;
 * - Unreachable: there is one, and we may not use it, or it does not answer.
 */
export type SocketState =
  | { readonly type: 'Alive' }
  | { readonly type: 'Gone' }
  | { readonly type: 'Unreachable'; readonly code: string };

const PROBE_TIMEOUT_MS = 2000;

export function probeSocket(path: string): Promise<SocketState> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(PROBE_TIMEOUT_MS);
    const finish = (state: SocketState): void => {
      socket.destroy();
      resolve(state);
    };
    socket.once('connect', () => {
      finish({ type: 'Alive' });
    });
    socket.once('timeout', () => {
      finish({ type: 'Unreachable', code: 'ETIMEDOUT' });
    });
    socket.once('error', ({ code = 'EUNKNOWN' }: NodeJS.ErrnoException) => {
      finish(code === 'ENOENT' || code === 'ECONNREFUSED' ? { type: 'Gone' } : { type: 'Unreachable', code });
    });
  });
}

/** The servers NAME, NAME.1, NAME.2 … that have a socket, in that order; NAME itself always. */
export function shardNames(directory: string, name: string): string[] {
  const numbers = listFiles(directory)
    .map((file) => (file.startsWith(`${name}.`) ? Number(file.slice(name.length + 1)) : Number.NaN))
    .filter((number) => Number.isSafeInteger(number) && number > 0)
    .sort((a, b) => a - b);
  return [name, ...numbers.map((number) => `${name}.${number}`)];
}

function listFiles(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
