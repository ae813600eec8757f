import { expect, test } from 'vitest';
import type { Key } from '../../controller/api/key.ts';
import { createController } from '../../controller/runtime/controller.ts';
import { createFreshness } from '../../controller/runtime/pool.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

test.each([
  ['', 30_000],
  [', however seldom everything is walked over', 600_000],
])(
  'when a server comes or goes, who runs on it is looked at first, and who waits in a line within a few seconds, unless none was before%s',
  (_, resyncMs) => {
    const clock = createFakeClock(0);
    const hinted: string[] = [];
    const admitted: Readonly<Record<string, string>> = { runs: 'True', waits: 'False', elsewhere: 'True' };
    const keys = ['waits', 'fresh', 'runs', 'elsewhere'].map((name): Key => `project/${name}`);
    const controller = createController({
      clock,
      random: () => 0.5,
      resyncMs,
      queue: {
        add: (key: Key) => hinted.push(`${key} now`),
        addAtLeisure: (key: Key) => hinted.push(`${key} at leisure`),
        addAfter: (key: Key, ms: number) => hinted.push(`${key} after ${ms} ms`),
      },
      freshness: createFreshness(clock.now, 1000),
      specs: { keys: () => keys },
      state: {
        keys: () => [],
        inventoryKeys: () => [],
        inventory: (key: Key) => ({ server: key === 'project/elsewhere' ? 'muxlet.1' : 'muxlet' }),
        object(key: Key) {
          const status = admitted[key.slice('project/'.length)];
          return status === undefined ? undefined : { status: { conditions: [{ type: 'Admitted', status }] } };
        },
      },
      workers: { Project: {} },
    } as unknown as Parameters<typeof createController>[0]);
    controller.serverChanged('muxlet', { isNew: false });
    expect(hinted.splice(0)).toEqual(['project/waits after 3000 ms', 'project/fresh now', 'project/runs now']);
    controller.serverChanged('muxlet', { isNew: true });
    expect(hinted).toEqual(['project/fresh now', 'project/runs now']);
  },
);
