import type { DesiredAgent } from '../../api/desired.ts';

/**
 * Milliseconds to wait before the restart after `failures` ends in a row: none after the first, then the initial
 * pause, doubled each time up to the longest.
 */
export function restartDelayMs(failures: number, { initialMs, maxMs }: DesiredAgent['backoff']): number {
  if (failures <= 1) return 0;
  return Math.min(initialMs * 2 ** Math.min(failures - 2, 40), maxMs);
}
