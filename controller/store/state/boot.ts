import { join } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { isRecord, may, name, need, record, time } from './check.ts';
import { loadJson } from './load-file.ts';

/** The boot of the machine in which a controller of this state was last seen to start. */
export interface Boot {
  readonly id: string;
  /** When a controller first started in it; ISO 8601. */
  readonly since: string;
  /** The boot before it; absent: there was none that this state knows of. */
  readonly before?: string;
}

const check = record<Boot>({ id: need(name), since: need(time), before: may(name) });

/**
 * Notes in which boot we run. Gives the time before which every run began in an earlier boot, milliseconds since the
 * epoch; undefined where no boot has come between the controllers of this state. Throws what the writing throws.
 */
export function noteBoot(state: string, id: string, now: number): number | undefined {
  const path = join(state, 'boot.json');
  const loaded = loadJson(path, (raw) => {
    const boot = isRecord(raw) ? (check(raw, { path: '', dropped: () => {} }) as Boot | undefined) : undefined;
    return boot === undefined
      ? { type: 'Unusable', why: 'it names no boot' }
      : { type: 'Usable', value: boot, dropped: [] };
  });
  const known = loaded.type === 'Loaded' ? loaded.value : undefined;
  if (known?.id === id) return known.before === undefined ? undefined : Date.parse(known.since);
  const boot: Boot = { id, since: new Date(now).toISOString(), ...(known !== undefined && { before: known.id }) };
  writeAtomically(path, `${JSON.stringify(boot)}\n`);
  return known === undefined ? undefined : now;
}
