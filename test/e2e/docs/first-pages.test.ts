import { describe, test } from 'vitest';
import { FROM_NOTHING } from '../../docs/support/walks.ts';
import { follow } from './support/reader.ts';
import { openReadingWorld } from './support/reading-world.ts';

/** Of the longest page, on a machine that does other things as well. */
const timeout = 120_000;

// The other pages are followed by `npm run test:docs`, which takes minutes.
describe('what everybody reads first works, and shows what the page shows:', () => {
  test.for(FROM_NOTHING)('%s', { timeout }, async (page, { onTestFinished }) => {
    const world = openReadingWorld();
    onTestFinished(() => world.close());
    await follow(page, world);
  });
});
