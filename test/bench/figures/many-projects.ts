import { explain } from '../support/explain.ts';
import { comparisonRow, type Figure } from '../support/figure.ts';
import { threeWindows } from '../support/raw.ts';
import { sampleOf } from '../support/statistics.ts';
import { pause } from '../support/wait.ts';
import { agentsOf, withWorld } from '../support/world.ts';

const PROJECTS = 300;

export const manyProjects: Figure = {
  name: 'many-projects',
  async measure({ main, quick }) {
    const product: number[] = [];
    const raw: number[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      const one = await measureOnce(main);
      product.push(one.product);
      raw.push(one.raw);
    }
    const what = `${PROJECTS} new projects of three agents at once, files to all agents running`;
    return [comparisonRow({ what, product: sampleOf(product), raw: sampleOf(raw), atMost: 1.5 })];
  },
};

function measureOnce(main: string): Promise<{ readonly product: number; readonly raw: number }> {
  return withWorld(main, async ({ product, raw, starts }) => {
    const numbers = Array.from({ length: PROJECTS }, (_, index) => index);
    const names = (side: string): string[] => numbers.flatMap((n) => ['a', 'b', 'c'].map((w) => `${side}${n}/${w}`));
    await raw.start();
    const rawUp = starts.next(names('r'));
    const rawAt = performance.now();
    await raw.create(numbers.map((n) => [`r${n}`, threeWindows(`r${n}`, starts)]));
    const rawTook = (await rawUp) - rawAt;
    await product.start();
    await pause(1000);
    const up = starts.next(names('p'), 180_000);
    const putInPlace = product.stage(
      'all',
      Object.fromEntries(numbers.map((n) => [`p${n}`, agentsOf(`p${n}`, starts)])),
    );
    const at = performance.now();
    putInPlace();
    const took = (await up) - at;
    await explain(product.address());
    return { raw: rawTook, product: took };
  });
}
