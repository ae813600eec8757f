/** What looks after agents' work trees: eyes for git, and who remembers what they saw. */

import type { AgentReading } from '../api/agent-reading.ts';
import { stackOf } from '../api/errors.ts';
import type { Key } from '../api/key.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createGitEyes } from '../observe/git/open-work-tree.ts';
import { createGitKeeper, type GitKeeper } from '../runtime/git/git-keeper.ts';
import type { Log } from './log.ts';

export interface GitSideOptions {
  readonly readings: (projectUid: string) => readonly AgentReading[];
  readonly metrics: Metrics;
  readonly log: Log;
  readonly hint: (key: Key) => void;
}

export function createGitSide({ readings, metrics, log, hint }: GitSideOptions): GitKeeper {
  const eyes = createGitEyes(systemClock);
  const keeper = createGitKeeper({
    clock: systemClock,
    random: Math.random,
    open: eyes.open,
    readings,
    onChange: hint,
    onLook: metrics.gitHooks.onLook,
    onError: (error) => {
      log.error('a work tree could not be looked at', { error: stackOf(error) });
    },
  });
  return {
    ...keeper,
    close() {
      keeper.close();
      eyes.close();
    },
  };
}
