import { expect, test } from 'vitest';
import type { Decision } from '../../controller/api/decision.ts';
import type { InventoryEntry } from '../../controller/api/inventory.ts';
import type { Identity } from '../../controller/runtime/identify.ts';
import type { StateStore } from '../../controller/runtime/ports.ts';
import { createRecorder } from '../../controller/runtime/recorder.ts';

const KEY = 'project/web';
const ACTIONS = [{ type: 'RespawnPane' }];

/** A recorder over a disk that is asked, and answers, as the test says. */
function setUp() {
  const disk = { asked: 0, isWritable: true };
  let entry: InventoryEntry | undefined;
  const recorder = createRecorder({
    inventory: () => entry,
    putInventory: (_, next) => {
      entry = next;
    },
    async inventoryRecorded() {
      disk.asked += 1;
      return disk.isWritable;
    },
    recorded: async () => true,
    putObject: () => undefined,
  } satisfies Partial<StateStore>);
  const put = (server: string) =>
    recorder.put(KEY, {
      identity: { meta: { uid: 'u1' }, desired: { type: 'Absent', confirmed: true } } as unknown as Identity,
      decision: { status: { agents: [] }, actions: ACTIONS } as unknown as Decision,
      server,
      isNew: false,
    });
  return { disk, recorder, put };
}

test("what is on disk already waits for nobody else's record, and what has changed is waited for", async () => {
  const { disk, put } = setUp();
  await put('muxlet');
  await put('muxlet');
  expect(disk.asked).toBe(1);
  await put('muxlet.1');
  expect(disk.asked).toBe(2);
});

test('what could not be written is asked for again, and so is what begins anew', async () => {
  const { disk, recorder, put } = setUp();
  disk.isWritable = false;
  await put('muxlet');
  await put('muxlet');
  expect(disk.asked).toBe(2);
  disk.isWritable = true;
  await put('muxlet');
  await put('muxlet');
  expect(disk.asked).toBe(3);
  recorder.forget(KEY);
  await put('muxlet');
  expect(disk.asked).toBe(4);
});
