import { type Figure, times } from '../support/figure.ts';
import { threeWindows } from '../support/raw.ts';
import { sampleOf } from '../support/statistics.ts';
import { pause } from '../support/wait.ts';
import { agentsOf, withWorld } from '../support/world.ts';

/** Changes of files are gathered for so long before they are read. */
const COALESCING_MS = 150;

export const newSpec: Figure = {
  name: 'new-spec',
  measure: ({ main, quick }) =>
    withWorld(main, async ({ product, raw, starts }) => {
      await raw.start();
      await product.start();
      const values = { product: [] as number[], raw: [] as number[] };
      for (let round = 0; round < (quick ? 5 : 30); round += 1) {
        const started = starts.next(['a', 'b', 'c'].map((window) => `r${round}/${window}`));
        const at = performance.now();
        await raw.create([[`r${round}`, threeWindows(`r${round}`, starts)]]);
        values.raw.push((await started) - at);
        await pause(300);
        const up = starts.next(['a', 'b', 'c'].map((agent) => `p${round}/${agent}`));
        const writtenAt = performance.now();
        product.spec(`p${round}`, agentsOf(`p${round}`, starts));
        values.product.push((await up) - writtenAt);
        // The next file must not fall into the second look at this one.
        await pause(700);
      }
      const [own, bound] = [sampleOf(values.product), sampleOf(values.raw)];
      const ratio = (own.median - COALESCING_MS) / bound.median;
      return [
        {
          what: 'new spec file to its session up',
          product: times(own),
          raw: times(bound),
          ratio: `${ratio.toFixed(2)} beyond ${COALESCING_MS} ms`,
          target: `≤ ${COALESCING_MS} ms + 2× raw`,
          met: ratio <= 2,
        },
      ];
    }),
};
