import { existsSync, linkSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { readAhead } from '../../../controller/store/state/ahead-lines.ts';
import { readState, type StateReader } from '../../../controller/store/state/read-state.ts';
import { createWriteAheadLog } from '../../../controller/store/state/write-ahead.ts';
import { killed, openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';
const API = 'project/api';

/** Until what was put is with the thread. */
async function handedOver(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
}

const openIn = (dir: string): number => readAhead(join(dir, 'ahead.ndjson')).open.size;

test('what is recorded while the same is on its way is settled when that is there, also that it is gone', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  store.putObject(WEB, sampleObject('web'));
  await handedOver();
  expect(await store.recorded(WEB)).toBe(true);
  expect(openIn(dir)).toBe(1);
  await store.written();
  expect(openIn(dir)).toBe(0);
  store.removeObject(WEB);
  await handedOver();
  expect(await store.recorded(WEB)).toBe(true);
  await store.written();
  expect(openIn(dir)).toBe(0);
});

test('where the file that a change goes with is taken away while it is written, all entries are recorded', async () => {
  const dir = join(temporaryFolder(), 'state');
  const { store } = openStore(dir);
  store.putInventory(API, SAMPLE_ENTRY);
  expect(await store.inventoryRecorded()).toBe(true);
  await store.written();
  store.putInventory(WEB, SAMPLE_ENTRY);
  rmSync(join(dir, 'inventory.json'));
  store.heal();
  const recorded = store.inventoryRecorded();
  const left = killed(dir);
  expect(await recorded).toBe(true);
  await store.written();
  expect([...openStore(left).store.inventoryKeys()].sort()).toEqual([API, WEB]);
});

test('who reads what a killed controller left is told what it recorded last, also where something older was written after', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(API, SAMPLE_ENTRY);
  await handedOver();
  store.putObject(WEB, sampleObject('web', { specHash: 'last' }));
  store.putInventory(WEB, SAMPLE_ENTRY);
  expect([await store.recorded(WEB), await store.inventoryRecorded()]).toEqual([true, true]);
  const file = join(dir, 'status/project/web.json');
  // The thread writes, and nobody hears of it.
  for (const end = Date.now() + 5000; !existsSync(file) || !existsSync(join(dir, 'inventory.json')); ) {
    if (Date.now() > end) throw new Error('nothing is written');
  }
  const left = killed(dir);
  expect(readState(left).object(WEB)?.specHash).toBe('last');
  expect([...readState(left).inventory().keys()].sort()).toEqual([API, WEB]);
  await store.written();
});

test('what a file shows is not taken back, whenever the controller is killed, by something older that was recorded', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(WEB, SAMPLE_ENTRY);
  await handedOver();
  expect([await store.recorded(WEB), await store.inventoryRecorded()]).toEqual([true, true]);
  store.putObject(WEB, sampleObject('web', { specHash: 'last' }));
  store.putInventory(WEB, { ...SAMPLE_ENTRY, uid: 'last' });
  for (const [path, found] of [
    [join(dir, 'status/project/web.json'), (state: StateReader) => state.object(WEB)?.specHash],
    [join(dir, 'inventory.json'), (state: StateReader) => state.inventory().get(WEB)?.uid],
  ] as const) {
    // A turn at a time, and none after it stands there.
    for (let turns = 0; !isSoonIn(path, '"last"'); turns += 1) {
      expect(turns).toBeLessThan(250);
      await setImmediate();
    }
    const left = killed(dir);
    expect(found(readState(left))).toBe('last');
    const { store: next } = openStore(left);
    expect([next.object(WEB)?.specHash, next.inventory(WEB)?.uid]).toContain('last');
    expect(found(readState(left))).toBe('last');
    await next.written();
  }
  await store.written();
});

/** Whether the thread writes it before anybody hears of that. */
function isSoonIn(path: string, text: string): boolean {
  for (const end = Date.now() + 20; Date.now() < end; ) {
    if (existsSync(path) && readFileSync(path, 'utf8').includes(text)) return true;
  }
  return false;
}

test('a log that is full to its last byte is settled all the same', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const log = createWriteAheadLog({ dir, path, found: readAhead(path) });
  const names: string[] = [];
  for (let size = 4 * 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
    const name = join(dir, `${size}.json`);
    while (log.record(`${name}${names.length}`, 'x'.repeat(size))) names.push(`${name}${names.length}`);
  }
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(log.settle(name, log.last())).toBe(true);
  expect(openIn(dir)).toBe(0);
});

test('much that stays open does not have it made anew again and again', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const log = createWriteAheadLog({ dir, path, found: readAhead(path) });
  for (let n = 0; n < 40; n += 1) log.record(join(dir, `${n}.json`), 'x'.repeat(10_000));
  log.heal();
  linkSync(path, join(dir, 'same'));
  log.heal();
  // It is the very file that has the other name as well.
  expect(statSync(path).nlink).toBe(2);
  for (let n = 0; n < 40; n += 1) log.settle(join(dir, `${n}.json`), log.last());
  log.heal();
  log.heal();
  await vi.waitFor(() => {
    expect(statSync(path).size).toBe(0);
  });
});
