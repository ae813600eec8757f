import { afterAll, beforeAll, describe, test } from 'vitest';
import { pagePaths } from '../../docs/support/blocks.ts';
import { follow, startController } from './support/reader.ts';
import { openReadingWorld, type ReadingWorld } from './support/reading-world.ts';

/** Of the longest page, on a machine that does other things as well. */
const PAGE_MS = 120_000;

/** Pages that say themselves when the controller is started. */
const FROM_NOTHING = ['README.md', 'docs/getting-started.md'];

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

/** Those in which something is looked up, one after the other on one machine: a tour first, a fleet beside it from then on. */
const ON_ONE_MACHINE = [
  'docs/event.md',
  'docs/tmux.md',
  'docs/metrics.md',
  'docs/state.md',
  'docs/errors.md',
  'docs/agent.md',
  'docs/project.md',
  'docs/queue.md',
  'docs/message.md',
  'docs/gitsource.md',
  'docs/agentclass.md',
  'docs/agentrole.md',
  'docs/team.md',
  'docs/troubleshooting.md',
  ...pagePaths().filter((page) => page.startsWith('docs/runbooks/')),
  // It ends everything.
  'docs/cli.md',
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

  describe('looked up on one machine', () => {
    let world: ReadingWorld;
    beforeAll(async () => {
      world = openReadingWorld();
      await startController(world);
    });
    afterAll(() => world.close());
    test.for(ON_ONE_MACHINE)('%s', { timeout: PAGE_MS }, (page) => follow(page, world));
  });
});
