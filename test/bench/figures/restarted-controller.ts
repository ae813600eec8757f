import type { Figure } from '../support/figure.ts';
import { pause, until } from '../support/wait.ts';
import { withWorld } from '../support/world.ts';

const PROJECTS = 500;

export const restartedController: Figure = {
  name: 'restarted-controller',
  measure: ({ main }) =>
    withWorld(main, async ({ product, starts, fill }) => {
      await product.start();
      await fill(0, PROJECTS, { raw: false });
      await pause(2000);
      await product.end('SIGKILL');
      const names = Array.from({ length: PROJECTS }, (_, n) => ['a', 'b', 'c'].map((w) => `p${n}/${w}`)).flat();
      let restarted = 0;
      for (const name of names) void starts.next([name], 2 ** 30).then(() => (restarted += 1));
      const at = performance.now();
      await product.start();
      await until('it is ready', async () => (await fetch(`${product.address()}/readyz`)).ok);
      const took = performance.now() - at;
      await pause(1000);
      const counts = Array.from({ length: PROJECTS }, (_, n) => product.restartsOf(`p${n}`)).flat();
      const adopted = counts.filter((count) => count === 0).length;
      const alive = names.filter((name) => isAlive(starts.pidOf(name))).length;
      return [
        {
          what: `controller killed and started among ${PROJECTS} running projects: all adopted`,
          product: `${took.toFixed(0)} ms, ${Math.min(adopted, alive)} of ${names.length} agents adopted, ${restarted} restarted`,
          raw: '',
          ratio: '',
          target: '< 3,000 ms, none restarted',
          met: took < 3000 && restarted === 0 && adopted === names.length && alive === names.length,
        },
      ];
    }),
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
