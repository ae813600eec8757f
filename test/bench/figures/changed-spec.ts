import { type Figure, type Row, times } from '../support/figure.ts';
import { type Sample, sampleOf } from '../support/statistics.ts';
import { totalCpuMs } from '../support/usage.ts';
import { pause, until } from '../support/wait.ts';
import { agentsOf, type World, withWorld } from '../support/world.ts';

const FEW = 10;
const MANY = 500;
/** Long enough for a change to have come to rest. */
const BETWEEN_MS = 1500;
/** What the many agents have printed is saved pane by pane, twenty a second, so that it takes longer the more there are. */
const SETTLE_MS = 85_000;
/** A quiet time, as long as the changes take: the walk over everything, every 30 s, is then in both of them. */
const QUIET_MS = 30_000;

interface Cost {
  readonly latency: Sample;
  /** Milliseconds of processor time a change, controller and tmux together, beyond what a quiet time of that length uses. */
  readonly cpu: number;
}

/** A changed command of one agent: what it costs must not depend on how many others there are. */
export const changedSpec: Figure = {
  name: 'changed-spec',
  measure: ({ main, quick }) =>
    withWorld(main, async (world) => {
      await world.product.start();
      world.product.spec('target', agentsOf('target', world.starts));
      await until('the project is up', () => world.product.isReady('target'));
      await world.fill(0, FEW - 1, { raw: false });
      const few = await change(world, { rounds: quick ? 5 : 15, settleMs: 10_000 });
      await world.fill(FEW - 1, MANY - 1, { raw: false });
      const many = await change(world, { rounds: quick ? 5 : 15, settleMs: SETTLE_MS });
      return [
        row(
          'changed command of one agent among 500 projects to it running, against among 10',
          few.latency,
          many.latency,
        ),
        row('the same, processor time', sampleOf([few.cpu]), sampleOf([many.cpu])),
      ];
    }),
};

interface Course {
  readonly rounds: number;
  readonly settleMs: number;
}

async function change({ product, starts, productTmux }: World, { rounds, settleMs }: Course): Promise<Cost> {
  await pause(settleMs);
  const pids = [product.pid(), ...productTmux()];
  const idleFrom = totalCpuMs(pids);
  await pause(QUIET_MS);
  const idlePerMs = (totalCpuMs(pids) - idleFrom) / QUIET_MS;
  const latencies: number[] = [];
  const began = performance.now();
  const from = totalCpuMs(pids);
  for (let round = 0; round < rounds; round += 1) {
    const agents = agentsOf('target', starts);
    const name = `target/b-${Math.random().toString(36).slice(2)}`;
    const started = starts.next([name]);
    const at = performance.now();
    product.spec('target', { ...agents, b: starts.agent(name) });
    latencies.push((await started) - at);
    await pause(BETWEEN_MS);
  }
  const used = totalCpuMs(pids) - from - idlePerMs * (performance.now() - began);
  return { latency: sampleOf(latencies), cpu: used / rounds };
}

function row(what: string, few: Sample, many: Sample): Row {
  const ratio = many.median / few.median;
  return {
    what,
    product: times(many),
    raw: `${times(few)} (muxlet among ${FEW})`,
    ratio: ratio.toFixed(2),
    target: `≤ 2× among ${FEW}`,
    met: ratio <= 2,
  };
}
