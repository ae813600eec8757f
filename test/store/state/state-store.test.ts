import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createScribe } from '../../../controller/store/state/scribe.ts';
import { createStateStore } from '../../../controller/store/state/state-store.ts';
import { openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';

describe('the state store', () => {
  test('gives back after a restart what was put', async () => {
    const dir = temporaryFolder();
    const first = openStore(dir).store;
    first.putObject(WEB, sampleObject('web'));
    first.putInventory(WEB, SAMPLE_ENTRY);
    await first.written();
    const { store, problems } = openStore(dir);
    expect(store.keys()).toEqual([WEB]);
    expect(store.object(WEB)).toEqual(sampleObject('web'));
    expect(store.inventoryKeys()).toEqual([WEB]);
    expect(store.inventory(WEB)).toEqual(SAMPLE_ENTRY);
    expect(problems).toEqual([]);
  });

  test('writes an object only if it differs, also from what another run wrote', async () => {
    const dir = temporaryFolder();
    const { store, writes } = openStore(dir);
    for (let round = 0; round < 2; round += 1) {
      store.putObject(WEB, sampleObject('web'));
      await store.written();
    }
    expect(writes).toEqual(['success']);
    const other = openStore(dir);
    other.store.putObject(WEB, sampleObject('web'));
    await other.store.written();
    expect(other.writes).toEqual([]);
    store.putObject(WEB, sampleObject('web', { specHash: 'other' }));
    await store.written();
    expect(writes).toEqual(['success', 'success']);
  });

  test('has on disk what was put last once it says so, however often that was', async () => {
    const dir = temporaryFolder();
    const { store, writes } = openStore(dir);
    for (let round = 0; round < 20; round += 1) store.putObject(WEB, sampleObject('web', { specHash: `${round}` }));
    expect(store.object(WEB)?.specHash).toBe('19');
    await store.written();
    expect(openStore(dir).store.object(WEB)?.specHash).toBe('19');
    // Those in between are nobody's concern.
    expect(writes).toEqual(['success']);
    store.putObject(WEB, sampleObject('web', { specHash: 'on its way' }));
    await setImmediate();
    store.putObject(WEB, sampleObject('web', { specHash: 'last' }));
    await store.written();
    expect(openStore(dir).store.object(WEB)?.specHash).toBe('last');
    expect(writes).toEqual(['success', 'success', 'success']);
  });

  test('takes an object back that was put and removed while it was written', async () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    for (let round = 0; round < 3; round += 1) {
      store.putObject(WEB, sampleObject('web', { specHash: `${round}` }));
      await setImmediate();
      store.removeObject(WEB);
      await store.written();
      expect(readdirSync(join(dir, 'status/project'))).toEqual([]);
      store.removeObject(WEB);
      await setImmediate();
      store.putObject(WEB, sampleObject('web'));
      await store.written();
      expect(readdirSync(join(dir, 'status/project'))).toEqual(['web.json']);
    }
  });

  test('keeps others out: folders are 0700, files 0600', async () => {
    const dir = join(temporaryFolder(), 'state');
    const { store } = openStore(dir);
    store.putObject(WEB, sampleObject('web'));
    await store.written();
    store.journal({ id: '1' });
    store.recordEvent({ kind: 'Project', name: 'web' }, { type: 'Normal', reason: 'Ready', message: 'up' });
    const modes = ['', 'status', 'status/project', 'status/project/web.json', 'journal.ndjson', 'events.ndjson'].map(
      (path) => (statSync(join(dir, path)).mode & 0o777).toString(8),
    );
    expect(modes).toEqual(['700', '700', '700', '600', '600', '600']);
  });

  test('writes what is put into the inventory together as one', async () => {
    const dir = temporaryFolder();
    let writes = 0;
    const store = createStateStore({ dir, now: Date.now, onProblem: () => {}, onWrite: () => (writes += 1) });
    const keys = ['project/api', 'project/docs', WEB] as const;
    for (const key of keys) store.putInventory(key, SAMPLE_ENTRY);
    await store.written();
    expect(writes).toBe(1);
    expect([...openStore(dir).store.inventoryKeys()].sort()).toEqual([...keys]);
  });

  test('takes an object and its inventory out', async () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    store.putObject(WEB, sampleObject('web'));
    store.putInventory(WEB, SAMPLE_ENTRY);
    await store.written();
    store.removeObject(WEB);
    store.removeInventory(WEB);
    store.heal();
    await store.written();
    expect(store.object(WEB)).toBeUndefined();
    const again = openStore(dir).store;
    expect([again.keys(), again.inventoryKeys()]).toEqual([[], []]);
  });

  test('leaves files alone that are not ours [S144]', async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'status/project'), { recursive: true });
    const foreign = ['README.md', 'status/project/web.json.bak', 'status/project/web (copy).json', 'status/notes.json'];
    for (const path of foreign) writeFileSync(join(dir, path), 'not ours');
    const { store, problems } = openStore(dir);
    store.putObject(WEB, sampleObject('web'));
    store.heal();
    await store.written();
    store.removeObject(WEB);
    await store.written();
    for (const path of foreign) expect(readFileSync(join(dir, path), 'utf8')).toBe('not ours');
    expect(problems).toEqual([]);
  });

  test('writes again what somebody deleted or changed, be it the whole directory [S144]', async () => {
    const dir = join(temporaryFolder(), 'state');
    const { store, problems } = openStore(dir);
    store.putObject(WEB, sampleObject('web'));
    store.putInventory(WEB, SAMPLE_ENTRY);
    store.putAddress('127.0.0.1:9779');
    store.recordEvent({ kind: 'Project', name: 'web' }, { type: 'Normal', reason: 'Ready', message: 'up' });
    await store.written();
    const before = snapshot(dir);
    rmSync(dir, { recursive: true });
    store.heal();
    await store.written();
    expect(snapshot(dir)).toEqual(before);
    writeFileSync(join(dir, 'status/project/web.json'), '{}');
    truncateSync(join(dir, 'inventory.json'), 3);
    store.heal();
    await store.written();
    expect(snapshot(dir)).toEqual(before);
    expect(problems).toEqual([]);
  });

  test('does not write in healing what is as it was', async () => {
    const dir = temporaryFolder();
    const first = openStore(dir).store;
    first.putObject(WEB, sampleObject('web'));
    await first.written();
    const { store } = openStore(dir);
    const path = join(dir, 'status/project/web.json');
    chmodSync(path, 0o400);
    const { ino } = statSync(path);
    store.heal();
    await store.written();
    expect(statSync(path).ino).toBe(ino);
  });

  test('leaves no temporary file behind', async () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    for (let round = 0; round < 3; round++) {
      store.putObject(WEB, sampleObject('web', { specHash: `${round}` }));
      await store.written();
    }
    expect(readdirSync(join(dir, 'status/project'))).toEqual(['web.json']);
  });

  test('writes the address for other commands, and takes it away', () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    store.putAddress('127.0.0.1:40001');
    expect(readFileSync(join(dir, 'address'), 'utf8')).toBe('127.0.0.1:40001\n');
    store.putAddress(undefined);
    expect(existsSync(join(dir, 'address'))).toBe(false);
  });

  test('does not let a name lead out of its folder', async () => {
    const dir = temporaryFolder();
    const { store } = openStore(join(dir, 'state'));
    store.putObject('project/../../../escaped', sampleObject('../../../escaped'));
    await store.written();
    expect(readdirSync(dir)).toEqual(['state']);
  });
});

function snapshot(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(dir.length), readFileSync(path, 'utf8')]));
}

test('all is written only once the thread is idle, whoever had something written by it', async () => {
  const dir = temporaryFolder();
  const scribe = createScribe();
  const store = createStateStore({ dir, now: Date.now, scribe, onProblem: () => undefined });
  for (let n = 0; n < 20; n += 1) void scribe.write(join(dir, `${n}`), () => 'x');
  const refused = scribe.write(join(dir, '0', 'below a file'), () => 'x').catch(() => 'refused');
  await store.written();
  expect(existsSync(join(dir, '19'))).toBe(true);
  expect(await refused).toBe('refused');
});
