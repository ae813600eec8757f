import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../support/explain.ts';
import type { Figure, Row } from '../support/figure.ts';
import { sampleOf } from '../support/statistics.ts';
import { until } from '../support/wait.ts';
import { type World, withWorld } from '../support/world.ts';

const AT_ONCE = 20;
const SECONDS = 1;
/** A slot may be idle so long while somebody waits, in milliseconds. */
const IDLE_MS = 200;

export const queueThroughput: Figure = {
  name: 'queue-throughput',
  measure: ({ main, quick }) => withWorld(main, (world) => measureThroughput(world, quick ? 300 : 1000)),
};

async function measureThroughput({ product, root }: World, projects: number): Promise<Row[]> {
  await product.start();
  const log = join(root, 'runs');
  writeFileSync(log, '');
  // One process and no further one: what an agent costs by itself is not what is measured.
  const never = join(root, 'never');
  execFileSync('mkfifo', [never]);
  const script = `echo "$EPOCHREALTIME +" >>${log}; read -rt ${SECONDS} <>${never}; echo "$EPOCHREALTIME -" >>${log}`;
  const agent = { name: 'main', command: ['bash', '-c', script], restartPolicy: 'Never', workingDir: '/' };
  const spec = { queue: 'night', sessionAfterFinished: 'End', agents: [agent] };
  put({ specs: product.specs, root }, { limits: { maxRunning: AT_ONCE }, projects, spec });
  const lines = (): string[] => readFileSync(log, 'utf8').trim().split('\n');
  await until('all have run', () => lines().filter((line) => line.endsWith('-')).length === projects, 200_000);
  await explain(product.address());
  const { most, idle, took } = review(lines(), projects);
  const ideal = (projects / AT_ONCE) * SECONDS * 1000;
  const worst = Math.max(...idle);
  return [
    row({
      what: `${projects} queued projects of one second, ${AT_ONCE} at a time`,
      product: `${(took / 1000).toFixed(1)} s, ${(ideal / took).toFixed(2)} of what the slots allow; at most ${most} at once`,
      target: `≥ 0.8, never more than ${AT_ONCE}`,
      met: ideal / took >= 0.8 && most <= AT_ONCE,
    }),
    row({
      what: 'a slot idle while projects wait',
      product: `${sampleOf(idle).median.toFixed(0)} ms (at most ${worst.toFixed(0)}, n ${idle.length})`,
      target: `< ${IDLE_MS} ms`,
      met: worst < IDLE_MS,
    }),
  ];
}

/** From the agents' own words: how many ran at once, and how long each slot stood idle between two of them. */
function review(lines: readonly string[], projects: number) {
  const steps = lines
    .map((line) => line.split(' '))
    .map(([at = '0', sign = '']) => ({ at: Number(at) * 1000, sign }))
    .sort((a, b) => a.at - b.at);
  const free: number[] = [];
  const idle: number[] = [];
  let running = 0;
  let most = 0;
  let begun = 0;
  for (const { at, sign } of steps) {
    if (sign === '-') {
      running -= 1;
      // At the end nobody waits for it any more.
      if (begun < projects) free.push(at);
      continue;
    }
    running += 1;
    begun += 1;
    most = Math.max(most, running);
    const since = free.shift();
    if (since !== undefined) idle.push(at - since);
  }
  return { most, idle, took: (steps.at(-1)?.at ?? 0) - (steps[0]?.at ?? 0) };
}

interface Declared {
  readonly limits: object;
  readonly projects: number;
  /** Of each project. */
  readonly spec: object;
}

function put({ specs, root }: { readonly specs: string; readonly root: string }, declared: Declared): void {
  const { limits, projects, spec } = declared;
  const staged = join(root, 'staged');
  mkdirSync(staged, { mode: 0o700 });
  const queue = { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Queue', metadata: { name: 'night' }, spec: limits };
  writeFileSync(join(staged, 'queue.json'), JSON.stringify(queue));
  for (let n = 0; n < projects; n += 1) writeFileSync(join(staged, `p${n}.json`), project(`p${n}`, spec));
  renameSync(staged, join(specs, 'all'));
}

function project(name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name }, spec });
}

function row({ what, product, target, met }: Pick<Row, 'what' | 'product' | 'target' | 'met'>): Row {
  return { what, product, raw: '', ratio: '', target, met };
}
