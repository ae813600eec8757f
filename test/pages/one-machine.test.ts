import { afterAll, beforeAll, describe, test } from 'vitest';
import { ON_ONE_MACHINE } from '../docs/support/walks.ts';
import { follow, startController } from '../e2e/docs/support/reader.ts';
import { openReadingWorld, type ReadingWorld } from '../e2e/docs/support/reading-world.ts';

/** Of the longest page, on a machine that does other things as well. */
const timeout = 120_000;

describe('what a page has a reader look up works, and shows what the page shows:', () => {
  let world: ReadingWorld;
  beforeAll(async () => {
    world = openReadingWorld();
    await startController(world);
  });
  afterAll(() => world.close());

  test.for(ON_ONE_MACHINE)('%s', { timeout }, (page) => follow(page, world));
});
