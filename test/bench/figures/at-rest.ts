import type { Figure, Row } from '../support/figure.ts';
import { cpuMs, residentMb, totalCpuMs } from '../support/usage.ts';
import { pause } from '../support/wait.ts';
import { withWorld } from '../support/world.ts';

const PROJECTS = 500;
/** Everything is gone through once a minute: a shorter window would show too much or too little. */
const WINDOW_MS = 60_000;
/**
 * What the agents have printed so far is saved pane by pane, twenty a second: only then all is at rest. And what is done
 * once a minute has to be done a few times before V8 has compiled it: that costs as much again as the thing itself.
 */
const SETTLE_MS = 85_000 + 2 * WINDOW_MS;

export const atRest: Figure = {
  name: 'at-rest',
  measure: ({ main, quick }) =>
    withWorld(main, async ({ product, fill, productTmux }) => {
      await product.start();
      await fill(0, PROJECTS, { raw: false });
      await pause(SETTLE_MS);
      const tmux = productTmux();
      const before = { own: cpuMs(product.pid()), tmux: totalCpuMs(tmux), at: performance.now() };
      await pause(quick ? 10_000 : WINDOW_MS);
      const elapsed = performance.now() - before.at;
      const own = ((cpuMs(product.pid()) - before.own) / elapsed) * 100;
      const servers = ((totalCpuMs(tmux) - before.tmux) / elapsed) * 100;
      const memory = residentMb(product.pid());
      const what = `${PROJECTS} projects of three agents at rest`;
      return [
        bounded(`${what}: controller`, own, { unit: '% of a core', below: 2 }),
        bounded(`${what}: with tmux`, own + servers, { unit: '% of a core', below: 5 }),
        bounded(`${what}: resident memory`, memory, { unit: 'MB', below: 200 }),
      ];
    }),
};

function bounded(what: string, value: number, { unit, below }: { readonly unit: string; readonly below: number }): Row {
  const target = `< ${below} ${unit}`;
  return { what, product: `${value.toFixed(2)} ${unit}`, raw: '', ratio: '', target, met: value < below };
}
