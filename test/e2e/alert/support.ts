import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { AlertReceiver, AlertStatus } from '../../../controller/api/generated/all.ts';
import type { ReceivedMail } from '../../support/mail-server.ts';
import type { World } from '../support/world.ts';

/** An Alert as YAML (JSON is YAML). */
export function alertYaml(name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'Alert', metadata: { name }, spec });
}

export function byMail(name: string, port: number): AlertReceiver {
  const server = { host: '127.0.0.1', port, tls: 'None' } as const;
  return { name, mail: { to: ['oncall@example.org'], from: 'muxlet@example.org', server } };
}

export function byHook(name: string, port: number): AlertReceiver {
  return { name, webhook: { url: { value: `http://127.0.0.1:${port}/` } } };
}

/** A server that takes connections and never says anything. */
export async function startMute(): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The text of a mail, with its lines put together again. */
export function textOf({ raw }: ReceivedMail): string {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const text = body.join('\n\n');
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(text, 'base64').toString('utf8');
  return text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll('=3D', '=')
    .replaceAll('\r\n', '\n');
}

/** How many things with the reason a mail tells of: those that it names, and those that it only counts. */
export function told(mail: ReceivedMail, reason: string): number {
  const text = textOf(mail);
  const named = [...text.matchAll(new RegExp(`^(?:info|warning|critical): \\S+ \\S+ ${reason}\\b`, 'gm'))].length;
  const counted = [...text.matchAll(new RegExp(`(\\d+) ${reason}\\b`, 'g'))]
    .filter(({ index }) => text.slice(0, index).includes('and further'))
    .reduce((sum, [, count]) => sum + Number(count), 0);
  return named + counted;
}

function alertStatus(world: World, name: string): AlertStatus | undefined {
  try {
    const text = readFileSync(join(world.state, 'status', 'alert', `${name}.json`), 'utf8');
    return (JSON.parse(text) as { status: AlertStatus }).status;
  } catch {
    return undefined;
  }
}

export function receiver(world: World, alert: string, name: string) {
  return alertStatus(world, alert)?.receivers.find((one) => one.name === name);
}

/** A command line of a receiver that writes down what it is told. */
export function writing(world: World): string {
  return `echo "$MUXLET_NOTIFICATION_ID $MUXLET_TITLE" >>${join(world.root, 'told')}`;
}

/** The titles that were written down; what came twice under the same id (a kill lay in between) came once. */
export function titles(world: World): readonly string[] {
  try {
    const written = readFileSync(join(world.root, 'told'), 'utf8').split('\n').slice(0, -1);
    return [...new Set(written)].map((line) => line.slice(line.indexOf(' ') + 1));
  } catch {
    return [];
  }
}

/** The texts of mails, each once by its Message-ID. */
export function texts(mails: readonly ReceivedMail[]): readonly string[] {
  const byId = new Map(mails.map((mail) => [/^message-id: (.*)$/im.exec(mail.raw)?.[1], textOf(mail)]));
  return [...byId.values()];
}

/** Everything is told at once to one who writes it down, one who is not there, and one who never comes to an end. */
export function tellEverything(world: World): void {
  const receivers = [
    { name: 'file', command: { argv: ['sh', '-c', writing(world)] } },
    byMail('gone', 1),
    { name: 'slow', timeout: '1h', command: { argv: ['sleep', '100000'] } },
  ];
  const on = [{ severities: ['info', 'warning', 'critical'] }];
  const group = { by: ['Reason'], wait: '0s', interval: '0s' };
  world.spec('everything.yaml', alertYaml('everything', { on, group, receivers, limit: { count: 1000 } }));
}
