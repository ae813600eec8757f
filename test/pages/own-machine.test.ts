import { describe, test } from 'vitest';
import { BESIDE_A_CONTROLLER, BESIDE_THE_EXAMPLE, FIRST_OF_COOKBOOK } from '../docs/support/walks.ts';
import { follow, startController } from '../e2e/docs/support/reader.ts';
import { openReadingWorld } from '../e2e/docs/support/reading-world.ts';

/** Of the longest page, on a machine that does other things as well. */
const timeout = 120_000;

describe('what a page has a reader type works, and shows what the page shows:', () => {
  test.for([...BESIDE_THE_EXAMPLE, ...BESIDE_A_CONTROLLER])('%s', { timeout }, async (page, { onTestFinished }) => {
    const world = openReadingWorld();
    onTestFinished(() => world.close());
    await startController(world);
    if (BESIDE_A_CONTROLLER.includes(page)) await follow(FIRST_OF_COOKBOOK, world);
    await follow(page, world);
  });
});
