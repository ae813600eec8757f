import type { Finish, StopPolicy } from '../../api/desired.ts';
import type { InventoryEntry } from '../../api/inventory.ts';
import type { Key } from '../../api/key.ts';
import type { WorkspacePlace } from '../../api/work-trees-request.ts';
import { isRecord, listOf, mapOf, may, name, need, oneOf, or, record } from './check.ts';
import type { Checked } from './check-object.ts';

export const INVENTORY_VERSION = 1;

const KEY = /^(project|agentclass)\/./;
const DEFAULT_STOP: StopPolicy = { graceMs: 10_000 };

/**
 * Checks what the inventory file holds. An agent whose way to end is malformed stays, with the default way: that it
 * must be ended matters more than how.
 */
export function checkInventory(raw: unknown): Checked<ReadonlyMap<Key, InventoryEntry>> {
  if (!isRecord(raw)) return { type: 'Unusable', why: 'it holds no object' };
  if (raw['version'] !== INVENTORY_VERSION) return { type: 'Unusable', why: `its version is not ${INVENTORY_VERSION}` };
  const entries = raw['entries'];
  if (!isRecord(entries)) return { type: 'Unusable', why: 'it has no entries' };
  const dropped: string[] = [];
  const value = new Map<Key, InventoryEntry>();
  for (const [key, rawEntry] of Object.entries(entries)) {
    const path = `entries.${key}`;
    const checked = entry(rawEntry, { path, dropped: (place) => dropped.push(place) });
    if (KEY.test(key) && checked !== undefined) value.set(key as Key, checked as InventoryEntry);
    else dropped.push(path);
  }
  return { type: 'Usable', value, dropped };
}

const entry = record<InventoryEntry>({
  uid: need(name),
  server: need(name),
  agents: or(
    mapOf((value, place) => {
      const checked = stop(value, place);
      if (checked === undefined) place.dropped(place.path);
      return checked ?? DEFAULT_STOP;
    }),
    {},
  ),
  places: may(
    listOf(
      record<WorkspacePlace>({
        repository: need(name),
        root: need(name),
        // What cannot be read loses nobody's work.
        onDelete: or(oneOf<WorkspacePlace['onDelete']>({ Keep: true, Save: true, Discard: true }), 'Keep'),
      }),
    ),
  ),
});

const finish = record<Finish>({
  signal: may(oneOf<NonNullable<Finish['signal']>>({ HUP: true, INT: true, QUIT: true, USR1: true, USR2: true })),
  keys: may(allText),
  timeoutSeconds: may(amount),
});

const stop = record<StopPolicy>({ finish: may(finish), graceMs: need(amount) });

/** Keys are typed all or none. */
function allText(value: unknown): unknown {
  return Array.isArray(value) && value.every((element) => typeof element === 'string') ? value : undefined;
}

function amount(value: unknown): unknown {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
