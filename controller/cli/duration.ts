import { MuxletError } from '../api/errors.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a duration as kubectl's flags take it: `30s`, `1h30m`, `250ms`, `0`; beyond that `2d`.
 *
 * @returns milliseconds
 * @throws MUX_USAGE for anything else
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new MuxletError('MUX_USAGE', `"${text}" is no duration`, { hint: 'write it like 30s, 5m or 1h30m' });
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0);
}
