import { openControl } from '../support/control.ts';
import { comparisonRow, type Figure } from '../support/figure.ts';
import { threeWindows } from '../support/raw.ts';
import { sampleOf } from '../support/statistics.ts';
import { pause } from '../support/wait.ts';
import { withWorld } from '../support/world.ts';

const SESSIONS = 20;
/** A tmux server that dies sooner is taken for one that cannot live, and started again only after a pause. */
const SETTLED_MS = 1500;

export const killedServer: Figure = {
  name: 'killed-server',
  async measure({ main, quick }) {
    const product: number[] = [];
    const raw: number[] = [];
    // Each time a world of its own: servers that die again and again are started more and more slowly, on purpose.
    for (let round = 0; round < (quick ? 2 : 10); round += 1) {
      const one = await measureOnce(main);
      product.push(one.product);
      raw.push(one.raw);
    }
    const what = `tmux server killed with ${SESSIONS} sessions of three: all back`;
    return [comparisonRow({ what, product: sampleOf(product), raw: sampleOf(raw), atMost: 2 })];
  },
};

function measureOnce(main: string): Promise<{ readonly product: number; readonly raw: number }> {
  return withWorld(main, async ({ product, raw, starts, fill, env }) => {
    const numbers = Array.from({ length: SESSIONS }, (_, index) => index);
    const names = (side: string): string[] => numbers.flatMap((n) => ['a', 'b', 'c'].map((w) => `${side}${n}/${w}`));
    await raw.start();
    await product.start();
    await fill(0, SESSIONS);
    await pause(SETTLED_MS);

    const pid = await raw.serverPid();
    const rawStarted = starts.next(names('r'));
    const rawKilledAt = performance.now();
    process.kill(pid, 'SIGKILL');
    await raw.control().ended;
    await raw.start();
    await raw.create(numbers.map((n) => [`r${n}`, threeWindows(`r${n}`, starts)]));
    const rawTook = (await rawStarted) - rawKilledAt;

    const control = await openControl(product.socket, product.anchor, env);
    const productPid = Number((await control.request(`display-message -p '#{pid}'`))[0]);
    await control.close();
    await pause(200);
    const started = starts.next(names('p'));
    const killedAt = performance.now();
    process.kill(productPid, 'SIGKILL');
    return { raw: rawTook, product: (await started) - killedAt };
  });
}
