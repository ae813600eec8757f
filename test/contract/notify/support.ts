import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNotifier } from '../../../controller/act/notify/notifier.ts';
import type { AlertReceiver } from '../../../controller/api/generated/all.ts';
import type { Delivery, Notification } from '../../../controller/api/notification.ts';
import { createSecrets } from '../../../controller/observe/secrets.ts';
import { notification } from '../../act/notify/support.ts';

export interface Place {
  /** Where the paths of receivers start from. */
  readonly folder: string;
  write(name: string, content: string, mode?: number): string;
  tell(receiver: Omit<AlertReceiver, 'name'>, more?: Telling): Promise<Delivery>;
  remove(): void;
}

export interface Telling {
  readonly notification?: Partial<Notification>;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly signal?: AbortSignal;
}

/** A folder with secrets and certificates, and the notifier of a controller in it. */
export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'muxlet-notify-'));
  return {
    folder,
    write(name, content, mode = 0o600) {
      writeFileSync(join(folder, name), content, { mode });
      return name;
    },
    tell(receiver, { notification: told = {}, env = {}, platform = 'linux', signal } = {}) {
      const notifier = createNotifier({
        resolve: createSecrets(env).resolve,
        env,
        home: folder,
        platform,
        now: () => Date.now(),
      });
      const to = { receiver: { name: 'somebody', ...receiver }, folder };
      return notifier.deliver(to, notification(told), signal ?? new AbortController().signal);
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server that plays `script` with each who connects; loopback, on a port of its own. */
export async function listen(script: (socket: Socket) => void): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    script(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(() => undefined);
  close();
  return port;
}
