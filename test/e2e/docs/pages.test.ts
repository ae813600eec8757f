import { describe, test } from 'vitest';
import { follow, startController } from './support/reader.ts';
import { openReadingWorld } from './support/reading-world.ts';

/** Of the longest page, on a machine that does other things as well. */
const PAGE_MS = 120_000;

/** Pages that say themselves when the controller is started. */
const FROM_NOTHING = ['docs/getting-started.md'];

/** Those for which one runs. */
const BESIDE_A_CONTROLLER = [
  'docs/concepts.md',
  'docs/operations.md',
  'docs/cookbook/one-agent.md',
  'docs/cookbook/team.md',
  'docs/cookbook/overnight-queue.md',
  'docs/cookbook/gitops.md',
  'docs/cookbook/two-accounts.md',
  'docs/cookbook/own-agentclass.md',
];

describe('what a page has a reader type works, and shows what the page shows:', () => {
  test.for(FROM_NOTHING)('%s', { timeout: PAGE_MS }, async (page, { onTestFinished }) => {
    const world = openReadingWorld();
    onTestFinished(() => world.close());
    await follow(page, world);
  });

  test.for(BESIDE_A_CONTROLLER)('%s', { timeout: PAGE_MS }, async (page, { onTestFinished }) => {
    const world = openReadingWorld();
    onTestFinished(() => world.close());
    await startController(world);
    if (page.startsWith('docs/cookbook/')) await follow('docs/cookbook/README.md', world);
    await follow(page, world);
  });
});
