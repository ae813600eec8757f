import type { Key } from '../../api/key.ts';
import type { Arrival } from '../../api/metadata.ts';

export type Arrivals = ReadonlyMap<Key, Arrival>;

/**
 * Notes who is new since the look before. What one look finds came at the same time, as far as anybody can tell, however
 * it was saved; among these the order is that of the paths and of the places in a file, as `wanted` has it. Pure.
 *
 * @param at end of the look, in milliseconds since the epoch
 */
export function noteArrivals(
  before: Arrivals,
  { wanted }: { readonly wanted: ReadonlyMap<Key, unknown> },
  at: number,
): Arrivals {
  const arrivals = new Map<Key, Arrival>();
  let order = 0;
  for (const key of wanted.keys()) {
    const known = before.get(key);
    if (known === undefined) order += 1;
    arrivals.set(key, known ?? { at, order });
  }
  return arrivals;
}
