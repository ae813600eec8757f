import { execFileSync } from 'node:child_process';
import type { Figure, Row } from '../support/figure.ts';
import { cpuMs, residentMb } from '../support/usage.ts';
import { pause, until } from '../support/wait.ts';
import { type World, withWorld } from '../support/world.ts';

/** Of three agents each. */
const PROJECTS = 67;
/** Its code is compiled by then, and the fleet has come to rest. */
const SETTLE_MS = 10_000;

/** The live view in a terminal of 80 by 24 at two frames a second, over a fleet that runs. */
export const liveView: Figure = {
  name: 'top',
  measure: ({ main, quick }) =>
    withWorld(main, async (world) => {
      await world.product.start();
      await world.fill(0, PROJECTS, { raw: false });
      const small = await shareOf(world, { main, size: [80, 24], ms: quick ? 10_000 : 30_000 });
      const large = await shareOf(world, { main, size: [200, 60], ms: quick ? 10_000 : 30_000 });
      const what = `top over ${PROJECTS * 3} agents at 2 frames a second`;
      return [
        row(`${what}, 80x24`, small.share),
        row(`${what}, 200x60 (${small.memory.toFixed(0)} MB resident)`, large.share),
      ];
    }),
};

interface Shown {
  readonly main: string;
  readonly size: readonly [columns: number, rows: number];
  readonly ms: number;
}

async function shareOf({ env, product, root }: World, { main, size, ms }: Shown) {
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-L', 'view', ...args], { env, cwd: root, encoding: 'utf8' });
  const places = ['--specs', product.specs, '--state', `${root}/state`, '--tmux-socket', product.socket];
  const node = (process.env['BENCH_TOP_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
  const view = [process.execPath, ...node, main, 'top', '--interval', '500ms', ...places];
  const [columns, rows] = size.map(String) as [string, string];
  tmux('-f', '/dev/null', 'new-session', '-d', '-x', columns, '-y', rows, ...view);
  try {
    const pid = Number(tmux('display-message', '-p', '#{pane_pid}'));
    await until('it shows agents', () => tmux('capture-pane', '-p').includes('p0.'), 30_000);
    await pause(SETTLE_MS);
    const [used, at] = [cpuMs(pid), performance.now()];
    await pause(ms);
    return { share: ((cpuMs(pid) - used) / (performance.now() - at)) * 100, memory: residentMb(pid) };
  } finally {
    // It ends by itself, so that a profiler writes what it found.
    tmux('send-keys', 'q');
    await pause(1000);
    try {
      tmux('kill-server');
    } catch {
      // With its only session.
    }
  }
}

function row(what: string, share: number): Row {
  return {
    what,
    product: `${share.toFixed(2)} % of a core`,
    raw: '',
    ratio: '',
    target: '< 5 % of a core',
    met: share < 5,
  };
}
