import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { findOperatorPrograms } from '../../../scripts/operator-programs.mjs';
import type { World } from '../../e2e/support/world.ts';
import { type Serving, serve } from './servers.ts';

const MANIFESTS = fileURLToPath(new URL('../../../manifests/', import.meta.url));

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Those of all times that were asked for that are numbers. */
  readonly values: readonly number[];
}

export interface Prometheus extends Serving {
  /** Rejects with what Prometheus says if the query is wrong. */
  query(expr: string): Promise<Sample[]>;
  /** Since the start, every STEP_S seconds. */
  queryRange(expr: string): Promise<Sample[]>;
}

/**
 * The configuration that is shipped, with these changes: it looks every second, and `for` of each alert is seconds where it
 * says minutes, so that a test need not wait for so long.
 */
export async function startPrometheus(
  world: World,
  targets: { muxlet: string; alertmanager?: string },
): Promise<Prometheus> {
  const startedAt = Date.now();
  const shipped = parse(read('prometheus/prometheus.yml')) as { rule_files: string[]; scrape_configs: object[] };
  const rules = shipped.rule_files.map((file) => {
    const path = join(world.root, file);
    const text = read(`prometheus/${file}`).replaceAll(/^( +for: \d+)m$/gm, '$1s');
    writeFileSync(path, text);
    return path;
  });
  const target = (address: string) => [{ targets: [address] }];
  const server = await serve(world, {
    program: program('prometheus'),
    name: 'prometheus',
    config: {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      scrape_configs: shipped.scrape_configs.map((job) => ({ ...job, static_configs: target(targets.muxlet) })),
      rule_files: rules,
      ...(targets.alertmanager !== undefined && {
        alerting: { alertmanagers: [{ static_configs: target(targets.alertmanager) }] },
      }),
    },
    args: (config, address) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(world.root, 'series')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
  });

  async function ask(path: string, parameters: Record<string, string>): Promise<Sample[]> {
    const answer = await fetch(`http://${server.address}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const { status, error, data } = (await answer.json()) as Answer;
    if (status !== 'success') throw new Error(`${parameters['query']}: ${error}`);
    return data.result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
      metric,
      values: values.map(([, number]) => Number(number)).filter((number) => Number.isFinite(number)),
    }));
  }

  return {
    ...server,
    query: (query) => ask('query', { query }),
    queryRange: (query) =>
      // One step into the future, so that the latest scrape is part of it.
      ask('query_range', {
        query,
        start: `${startedAt / 1000}`,
        end: `${Date.now() / 1000 + STEP_S}`,
        step: `${STEP_S}`,
      }),
  };
}

/** Seconds between the values of a range. */
const STEP_S = 2;

type Point = [number, string];

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: { metric: Record<string, string>; value?: Point; values?: Point[] }[] };
}

/** The example that is shipped, told to wait for less, and to send to the test. */
export function startAlertmanager(world: World, webhook: string): Promise<Serving> {
  const text = read('alertmanager/alertmanager.yml')
    .replaceAll(/(group_wait|group_interval): \S+/g, '$1: 1s')
    .replace(/url: \S+/, `url: http://${webhook}/alerts`);
  return serve(world, {
    program: alertmanagerFor(world),
    name: 'alertmanager',
    config: parse(text),
    args: (config, address) => [
      `--config.file=${config}`,
      `--storage.path=${join(world.root, 'silences')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
  });
}

/** Where Debian's Alertmanager looks for its templates: it was built so, and no flag says otherwise. */
const TEMPLATES = '/usr/share/prometheus/alertmanager';

/**
 * One that is unpacked and not installed has no templates there, and refuses to start. It gets a copy that looks beside itself:
 * a path of the same length, so that nothing else of the program moves.
 */
function alertmanagerFor(world: World): string {
  const installed = program('alertmanager');
  const unpacked = join(dirname(installed), '../share/prometheus/alertmanager');
  if (existsSync(TEMPLATES) || !existsSync(unpacked)) return installed;
  symlinkSync(unpacked, join(world.root, 'templates'));
  const copy = join(world.root, 'alertmanager');
  const text = readFileSync(installed, 'latin1').replaceAll(TEMPLATES, './templates'.padEnd(TEMPLATES.length, '/'));
  writeFileSync(copy, text, { encoding: 'latin1', mode: 0o755 });
  return copy;
}

function read(file: string): string {
  return readFileSync(join(MANIFESTS, file), 'utf8');
}

function program(name: 'prometheus' | 'alertmanager'): string {
  const programs = findOperatorPrograms();
  if (programs === undefined)
    throw new Error('Prometheus and Alertmanager are missing: npm run test:operators fetches them');
  return programs[name];
}
