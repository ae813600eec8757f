import type { MachineLimits, Slot } from '../../api/generated/all.ts';
import type { Ground, MachineLook } from '../../api/queueing.ts';

/** Milliseconds after an admission in which memory and load do not show yet what it takes. */
const SHOWS_MS = 5000;
/** Milliseconds between two looks at a machine that has too little left. */
export const LOOK_AGAIN_MS = 5000;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a Kubernetes quantity. Of anything else, NaN. */
function bytesOf(quantity: string): number {
  const [, amount, unit] = /^([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(quantity) ?? [];
  return Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
}

interface Standing {
  readonly limits: MachineLimits | undefined;
  readonly machine: MachineLook;
  readonly slots: readonly Slot[];
  readonly now: number;
}

/**
 * Why the machine lets no further project in. Where it cannot be read, one project at a time is let in: that neither
 * stops the queue nor fills the machine.
 */
export function machineLacks({ limits, machine, slots, now }: Standing): Ground | undefined {
  if (limits === undefined) return undefined;
  const lack = memoryLacks(limits, machine) ?? loadLacks(limits, machine);
  if (lack === undefined) return isFresh(slots, now) ? FRESH : undefined;
  return lack.reason === 'MachineUnknown' && slots.length === 0 ? undefined : lack;
}

const FRESH: Ground = {
  reason: 'MachineBusy',
  message: 'what the project that was admitted last takes of the machine does not show yet',
};

function isFresh(slots: readonly Slot[], now: number): boolean {
  return slots.some(({ since }) => Math.abs(now - Date.parse(since)) < SHOWS_MS);
}

function memoryLacks({ minFreeMemory }: MachineLimits, { availableMemory }: MachineLook): Ground | undefined {
  if (minFreeMemory === undefined) return undefined;
  if (availableMemory === undefined) return unreadable('the available memory');
  if (availableMemory >= bytesOf(minFreeMemory)) return undefined;
  const message = `${Math.floor(availableMemory / 2 ** 20)}Mi of memory are available, less than ${minFreeMemory}`;
  return { reason: 'MachineBusy', message };
}

function loadLacks({ maxLoadPerCPU }: MachineLimits, { loadPerCPU }: MachineLook): Ground | undefined {
  if (maxLoadPerCPU === undefined) return undefined;
  if (loadPerCPU === undefined) return unreadable('the load');
  if (loadPerCPU <= maxLoadPerCPU) return undefined;
  const message = `the load is ${loadPerCPU.toFixed(2)} for each processor, more than ${maxLoadPerCPU}`;
  return { reason: 'MachineBusy', message };
}

function unreadable(what: string): Ground {
  return { reason: 'MachineUnknown', message: `${what} of the machine cannot be read: one project at a time` };
}
