import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain } from '../support/explain.ts';
import type { Figure, Row } from '../support/figure.ts';
import { pause, until } from '../support/wait.ts';
import { type World, withWorld } from '../support/world.ts';

const AT_ONCE = 20;
const SECONDS = 1;
/** A slot may be idle so long while somebody waits, in milliseconds. */
const IDLE_MS = 200;
const LINE = 10_000;

export const queueThroughput: Figure = {
  name: 'queue-throughput',
  measure: ({ main, quick }) => withWorld(main, (world) => measureThroughput(world, quick ? 300 : 1000)),
};

export const queueDecision: Figure = {
  name: 'queue-decision',
  measure: ({ main, quick }) => withWorld(main, (world) => measureDecision(world, quick ? 5 : 50)),
};

async function measureThroughput({ product, root }: World, projects: number): Promise<Row[]> {
  await product.start();
  const log = join(root, 'runs');
  writeFileSync(log, '');
  const script = `echo "$(date +%s%N) +" >>${log}; sleep ${SECONDS}; echo "$(date +%s%N) -" >>${log}`;
  const agent = { name: 'main', command: ['sh', '-c', script], restartPolicy: 'Never', workingDir: '/' };
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
      product: `${median(idle).toFixed(0)} ms (at most ${worst.toFixed(0)}, n ${idle.length})`,
      target: `< ${IDLE_MS} ms`,
      met: worst < IDLE_MS,
    }),
  ];
}

/** From the agents' own words: how many ran at once, and how long each slot stood idle between two of them. */
function review(lines: readonly string[], projects: number) {
  const steps = lines
    .map((line) => line.split(' '))
    .map(([at = '0', sign = '']) => ({ at: Number(BigInt(at) / 1000n) / 1000, sign }))
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

async function measureDecision({ product, root }: World, changes: number): Promise<Row[]> {
  await product.start();
  const agent = { name: 'main', command: ['true'], workingDir: '/' };
  const spec = { queue: 'night', agents: [agent] };
  put({ specs: product.specs, root }, { limits: { maxRunning: 0 }, projects: LINE, spec });
  await until('all wait', async () => (await counted(product.address())).waiting === LINE, 200_000);
  await settled(product.address());
  const times: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const before = await counted(product.address());
    place(
      join(product.specs, 'all', `p${change * 7}.json`),
      project(`p${change * 7}`, { queue: 'night', priority: change + 1, agents: [agent] }),
    );
    await until('it is decided', async () => (await counted(product.address())).decisions > before.decisions);
    await pause(200);
    const after = await counted(product.address());
    times.push(((after.seconds - before.seconds) / (after.decisions - before.decisions)) * 1000);
  }
  return [
    row({
      what: `the decision for one change in a queue of ${LINE.toLocaleString('en')}`,
      product: `${median(times).toFixed(1)} ms (at most ${Math.max(...times).toFixed(1)}, n ${times.length})`,
      target: '< 5 ms',
      met: median(times) < 5,
    }),
  ];
}

/** Nothing is left to do but what comes with time. */
async function settled(address: string): Promise<void> {
  let last = -1;
  await until(
    'it settles',
    async () => {
      const { decisions } = await counted(address);
      const same = decisions === last;
      last = decisions;
      await pause(1500);
      return same;
    },
    120_000,
  );
}

async function counted(address: string) {
  const text = await (await fetch(`${address}/metrics`)).text();
  const value = (series: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return Number(line?.slice(series.length + 1) ?? 0);
  };
  return {
    waiting: value('muxlet_queue_waiting{queue="night"}'),
    decisions: value('muxlet_reconcile_duration_seconds_count{kind="Queue"}'),
    seconds: value('muxlet_reconcile_duration_seconds_sum{kind="Queue"}'),
  };
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

function place(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

function project(name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name }, spec });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function row({ what, product, target, met }: Pick<Row, 'what' | 'product' | 'target' | 'met'>): Row {
  return { what, product, raw: '', ratio: '', target, met };
}
