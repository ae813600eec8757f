import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, times } from '../support/figure.ts';
import { sampleOf } from '../support/statistics.ts';
import { childrenCpuMs, cpuMs } from '../support/usage.ts';
import { pause, until } from '../support/wait.ts';
import { startInWorkTrees, type WorkTrees } from '../support/work-trees.ts';
import { withWorld } from '../support/world.ts';

/** Each work tree is looked at once an hour, however still it is. */
const HOUR_MS = 3_600_000;

const commitToStatus: Figure = {
  name: 'commit-to-status',
  measure: ({ main, quick }) =>
    withWorld(main, async (world) => {
      const { product } = world;
      await product.start();
      const trees = await startInWorkTrees(world, quick ? 50 : 100);
      await allShown(trees);
      await pause(2000);
      const latencies: number[] = [];
      for (let round = 0; round < (quick ? 10 : 50); round += 1) {
        const index = (round * 37) % trees.count;
        writeFileSync(join(trees.directory(index), `file-${round}`), '');
        trees.git(index, 'add', '.');
        trees.git(index, 'commit', '--quiet', '--message=work');
        const at = performance.now();
        const head = trees.git(index, 'rev-parse', 'HEAD');
        await until('it is shown', () => trees.isShown(index, head));
        latencies.push(performance.now() - at);
        await pause(200);
      }
      const sample = sampleOf(latencies);
      const what = `commit in one of ${trees.count} work trees to status`;
      return [{ what, product: times(sample), raw: '', ratio: '', target: 'p99 < 1000 ms', met: sample.p99 < 1000 }];
    }),
};

/** Once with the work trees, and once with them hidden from git: the difference is what observing them costs. */
const gitAtRest: Figure = {
  name: 'git-at-rest',
  measure: ({ main, quick }) =>
    withWorld(main, async (world) => {
      const { product } = world;
      const [settleMs, windowMs] = quick ? [8000, 20_000] : [45_000, 120_000];
      await product.start();
      const trees = await startInWorkTrees(world, quick ? 60 : 500);
      await allShown(trees);
      await pause(settleMs);
      const seen = await shareOf(product.pid(), windowMs);
      const aLook = await costOfALook(trees, product.pid());
      for (let index = 0; index < trees.count; index += 1) hide(trees.directory(index));
      await product.end('SIGKILL');
      await product.start();
      await pause(settleMs);
      const hidden = await shareOf(product.pid(), windowMs);
      const hourly = ((trees.count * aLook) / HOUR_MS) * 100;
      const value = seen - hidden + hourly;
      const parts = `${seen.toFixed(2)} % with them and ${hidden.toFixed(2)} % without, ${aLook.toFixed(1)} ms a look, once an hour each`;
      const what = `${trees.count} work trees at rest: what observing them adds, git included (${parts})`;
      const target = '< 1 % of a core';
      return [{ what, product: `${value.toFixed(2)} % of a core`, raw: '', ratio: '', target, met: value < 1 }];
    }),
};

/** Milliseconds of processor time, controller and git together: each work tree is made to look changed, once. */
async function costOfALook(trees: WorkTrees, pid: number): Promise<number> {
  const before = usedMs(pid);
  for (let index = 0; index < trees.count; index += 1) writeFileSync(join(trees.directory(index), 'new'), '');
  for (let index = 0; index < trees.count; index += 1) trees.git(index, 'add', 'new');
  await pause(15_000);
  return (usedMs(pid) - before) / trees.count;
}

function usedMs(pid: number): number {
  return cpuMs(pid) + childrenCpuMs(pid);
}

async function shareOf(pid: number, ms: number): Promise<number> {
  const [from, at] = [usedMs(pid), performance.now()];
  await pause(ms);
  return ((usedMs(pid) - from) / (performance.now() - at)) * 100;
}

function hide(directory: string): void {
  renameSync(join(directory, '.git'), join(directory, '.hidden'));
}

/** One after the other, since looking for all of them would take more than what is measured. */
async function allShown(trees: WorkTrees): Promise<void> {
  for (let index = 0; index < trees.count; index += 1) {
    await until(`work tree ${index} is seen`, () => trees.isShown(index), 300_000);
  }
}

export const observedGit: readonly Figure[] = [commitToStatus, gitAtRest];
