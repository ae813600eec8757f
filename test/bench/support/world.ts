import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProduct, type Product } from './product.ts';
import { createRaw, type Raw, threeWindows } from './raw.ts';
import { listenForStarts, type Starts } from './starts.ts';
import { markedProcesses } from './usage.ts';
import { until } from './wait.ts';

/** One measurement's place: the product and raw tmux side by side, and ears for both. All of it ends with the use. */
export interface World {
  readonly root: string;
  readonly env: Record<string, string>;
  readonly starts: Starts;
  readonly product: Product;
  readonly raw: Raw;
  /** Makes projects of three agents, the same number of sessions at either side, named p0, p1 … and r0, r1 … */
  fill(from: number, to: number, sides?: { readonly raw: boolean }): Promise<void>;
  /** The tmux servers and clients of the product. */
  productTmux(): readonly number[];
}

export async function withWorld<T>(main: string, use: (world: World) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'muxlet-bench-'));
  removeAtExit(root);
  // The one variable that all who belong here have: the controller hands on to tmux and to agents what they need alone.
  const mark = `TMUX_TMPDIR=${root}`;
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: root,
    LANG: 'C.UTF-8',
    TMUX_TMPDIR: root,
  };
  mkdirSync(join(root, 'holds'));
  const starts = listenForStarts(join(root, 'starts'));
  const product = createProduct(main, root, env);
  const raw = createRaw('raw', env);
  const world: World = {
    root,
    env,
    starts,
    product,
    raw,
    async fill(from, to, sides = { raw: true }) {
      if (to <= from) return;
      const numbers = Array.from({ length: to - from }, (_, index) => from + index);
      const names = numbers.map((number) => `p${number}`);
      product.specsAt(`from-${from}`, Object.fromEntries(names.map((name) => [name, agentsOf(name, starts)])));
      await until('the projects are up', () => names.every((name) => product.isReady(name)), 120_000);
      if (sides.raw) await raw.create(numbers.map((number) => [`r${number}`, threeWindows(`r${number}`, starts)]));
    },
    productTmux: () =>
      markedProcesses(mark)
        .filter(({ name }) => name.startsWith('tmux'))
        .map(({ pid }) => pid),
  };
  marks.add(mark);
  try {
    return await use(world);
  } finally {
    // With a profiler on (BENCH_NODE_FLAGS='--cpu-prof …') it must end by itself to write what was found.
    await product.end(process.env['BENCH_NODE_FLAGS'] === undefined ? 'SIGKILL' : 'SIGTERM');
    endAll(mark);
    marks.delete(mark);
    starts.close();
  }
}

/** Of the worlds whose processes may run. */
const marks = new Set<string>();
const used: string[] = [];

/**
 * Removed at this process's end and not before: for half a minute after files were removed ext4 makes new ones several times
 * as slowly (it gives no inode out again so soon, and searches for one that it may), which the next measurement would tell of.
 */
function removeAtExit(root: string): void {
  if (used.length === 0) {
    process.once('exit', () => {
      for (const one of used) remove(one);
    });
    // A run that is broken off leaves nothing behind either.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        for (const mark of marks) endAll(mark);
        process.exit(130);
      });
    }
  }
  used.push(root);
}

function remove(root: string): void {
  try {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    process.stderr.write(`${root} stays: ${String(error)}\n`);
  }
}

export function agentsOf(project: string, starts: Starts): Record<string, string[]> {
  return Object.fromEntries(['a', 'b', 'c'].map((agent) => [agent, starts.agent(`${project}/${agent}`)]));
}

/** Twice: what was being forked during the first walk is there at the second. */
function endAll(mark: string): void {
  for (let round = 0; round < 2; round += 1) for (const { pid } of markedProcesses(mark)) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
