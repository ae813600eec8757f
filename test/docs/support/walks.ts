import { pagePaths } from './blocks.ts';

// Which pages are followed by test/e2e/docs and test/pages, and on which machine. A page with commands that is in none of these lists says why.

/** Pages that say themselves when the controller is started; a machine each. */
export const FROM_NOTHING = ['README.md', 'docs/getting-started.md'];

/** Pages for which a controller runs, on the example; a machine each. */
export const BESIDE_THE_EXAMPLE = ['docs/concepts.md', 'docs/operations.md'];

/** Pages for which one runs, and nothing else; a machine each. */
export const BESIDE_A_CONTROLLER = [
  ...pagePaths().filter((page) => page.startsWith('docs/cookbook/') && page !== 'docs/cookbook/README.md'),
  'docs/agentclass-guide.md',
];

/** Pages in which something is looked up, one after the other on one machine: the example, and from `project.md` on a fleet. */
export const ON_ONE_MACHINE = [
  'docs/event.md',
  'docs/tmux.md',
  'docs/metrics.md',
  'docs/state.md',
  'docs/errors.md',
  'docs/agent.md',
  'docs/top.md',
  'docs/project.md',
  'docs/queue.md',
  'docs/message.md',
  'docs/gitsource.md',
  'docs/agentclass.md',
  'docs/agentrole.md',
  'docs/team.md',
  'docs/configuration.md',
  'docs/troubleshooting.md',
  ...pagePaths().filter((page) => page.startsWith('docs/runbooks/')),
  // It ends everything.
  'docs/cli.md',
];

/** Followed before each page of BESIDE_A_CONTROLLER. */
export const FIRST_OF_COOKBOOK = 'docs/cookbook/README.md';

/** Decisions show what was so when they were made, and are kept as they are. */
export function isRecord(page: string): boolean {
  return page.startsWith('docs/decisions/');
}
