import type { LaunchObstacle } from '../../api/observed.ts';

/** What is wrong with one agent, before it is said whose it is. */
export type Finding = Pick<LaunchObstacle, 'reason' | 'message'>;
