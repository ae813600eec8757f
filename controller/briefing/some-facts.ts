import type { BriefingFacts } from './variables.ts';

/** For trying templates: which names there are counts then, and not what they stand for. */
export const SOME_FACTS: BriefingFacts = {
  project: 'project',
  agentDir: '/',
  muxlet: '/',
  goal: 'a goal',
  commits: ['0000000 a commit'],
  reason: 'a reason',
};
