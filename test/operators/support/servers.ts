import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { until, type World } from '../../e2e/support/world.ts';

export interface Serving {
  /** 127.0.0.1:PORT */
  readonly address: string;
  end(): Promise<void>;
}

export interface ServerOptions {
  readonly program: string;
  /** Names its files. */
  readonly name: string;
  /** Written as YAML. */
  readonly config: unknown;
  /** By the path of its configuration and the address on which it is to listen. */
  readonly args: (config: string, address: string) => readonly string[];
}

/** Starts a server of the Prometheus family in the world's folder and waits until it is ready. It ends with the world. */
export async function serve(world: World, { program, name, config, args }: ServerOptions): Promise<Serving> {
  const path = join(world.root, `${name}.yml`);
  const address = `127.0.0.1:${await freePort()}`;
  writeFileSync(path, stringify(config));
  // The world's environment marks it as one of the world's processes, so that a test out of time leaves none behind.
  const child = spawn(program, args(path, address), {
    cwd: world.root,
    env: world.env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(`${name} is ready`, async () => {
    if (child.exitCode !== null) throw new Error(log);
    return (await fetch(`http://${address}/-/ready`)).ok;
  });
  return {
    address,
    end() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** A port on which nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Told {
  readonly alert: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Takes what Alertmanager sends: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export async function receiver(): Promise<Serving & { readonly told: readonly Told[] }> {
  const told: Told[] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { alerts } = JSON.parse(body) as { alerts: Omit<Told, 'alert'>[] };
      told.push(...alerts.map((each) => ({ ...each, alert: each.labels['alertname'] ?? '' })));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
