import { expect, test, vi } from 'vitest';
import type { Admission } from '../../controller/api/admission.ts';
import { type Key, keyOf } from '../../controller/api/key.ts';
import { createPlacing } from '../../controller/wiring/placing.ts';

const ADMITTED: Admission = { type: 'Admitted', reason: 'Admitted', message: '' };
const WAITING: Admission = { type: 'Waiting', reason: 'NoSlot', message: '' } as never;
const waits = { conditions: [{ type: 'Admitted', status: 'False' }], agents: [] };
const runs = { conditions: [], agents: [], session: { server: 'muxlet', id: '$1', name: 'web' } };
const finished = { conditions: [], agents: [], run: { stage: 'Finished' } };

/** Of which there are so many, each on record on the first server. */
function placing(groups: readonly { readonly many: number; readonly status?: object; readonly queue?: string }[]) {
  const objects = new Map<Key, object>();
  const specs = new Map<string, object>();
  for (const [group, { many, status, queue }] of groups.entries()) {
    for (let count = 0; count < many; count += 1) {
      const name = `p${group}-${count}`;
      specs.set(name, { spec: { queue } });
      if (status !== undefined) objects.set(keyOf('Project', name), { status });
    }
  }
  return createPlacing({
    socket: 'muxlet',
    specs: { keys: () => [...specs.keys()].map((name) => keyOf('Project', name)), project: (name) => specs.get(name) },
    state: {
      object: (key) => objects.get(key),
      inventoryKeys: () => [...objects.keys()],
      inventory: () => ({ uid: 'u', server: 'muxlet', agents: {} }),
    },
  } as Parameters<typeof createPlacing>[0]);
}

test('a thousand that run twenty at a time share a server', () => {
  const place = placing([
    { many: 480, status: waits },
    { many: 500, status: finished },
    { many: 300, queue: 'night' },
    { many: 20, status: runs },
  ]);
  expect(place('project/new', ADMITTED, undefined)).toBe('muxlet');
});

test('those that come together are spread evenly over the servers that they need', () => {
  const place = placing([{ many: 300 }]);
  const placed = Array.from({ length: 300 }, () => place('project/new', ADMITTED, undefined));
  expect(placed.filter((server) => server === 'muxlet')).toHaveLength(50);
  expect(new Set(placed).size).toBe(6);
});

test('who waits stays where it is on record, and is placed anew once it may run', () => {
  const place = placing([{ many: 10, status: runs }]);
  expect(place('project/new', WAITING, undefined)).toBe('muxlet');
  expect(place('project/new', WAITING, 'muxlet.1')).toBe('muxlet.1');
  expect(place('project/new', ADMITTED, 'muxlet.1')).toBe('muxlet');
});

test('those who leave the line one by one fill a server, and not more', () => {
  const place = placing([
    { many: 248, status: runs },
    { many: 5, status: waits },
  ]);
  const placed = Array.from({ length: 5 }, (_, index) => place(`project/p1-${index}`, ADMITTED, 'muxlet'));
  expect(placed.filter((server) => server === 'muxlet')).toHaveLength(2);
});

test('what has changed since is counted a moment later', () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const place = placing([{ many: 10, status: runs }]);
    for (let count = 0; count < 240; count += 1) expect(place('project/new', ADMITTED, undefined)).toBe('muxlet');
    expect(place('project/new', ADMITTED, undefined)).toBe('muxlet.1');
    // Nothing came of those.
    vi.advanceTimersByTime(50);
    expect(place('project/new', ADMITTED, undefined)).toBe('muxlet');
  } finally {
    vi.useRealTimers();
  }
});
