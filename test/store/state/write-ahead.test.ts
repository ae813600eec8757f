import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { readAhead } from '../../../controller/store/state/ahead-lines.ts';
import { readState } from '../../../controller/store/state/read-state.ts';
import { createWriteAheadLog, type WriteAheadLog } from '../../../controller/store/state/write-ahead.ts';
import { killed, openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';
const API = 'project/api';

function logIn(dir: string): WriteAheadLog {
  const path = join(dir, 'ahead.ndjson');
  return createWriteAheadLog({ dir, path, found: readAhead(path) });
}

/** What a controller that begins now would take up. */
function newsIn(dir: string): Record<string, readonly unknown[]> {
  const { open } = readAhead(join(dir, 'ahead.ndjson'));
  return Object.fromEntries([...open].map(([file, lines]) => [file, lines.map(({ news }) => news)]));
}

test('what somebody waits for is on record at once, whatever is still to be written', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  for (let index = 0; index < 500; index += 1) store.putObject(`project/p${index}`, sampleObject(`p${index}`));
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(WEB, SAMPLE_ENTRY);
  let isRecorded = false;
  void Promise.all([store.recorded(WEB), store.inventoryRecorded()]).then(([object, entry]) => {
    isRecorded = object && entry;
  });
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  expect(isRecorded).toBe(true);
  const left = killed(dir);
  expect(existsSync(join(left, 'status/project/web.json'))).toBe(false);
  const { store: next, problems } = openStore(left);
  expect(next.object(WEB)).toEqual(sampleObject('web'));
  expect(next.inventory(WEB)).toEqual(SAMPLE_ENTRY);
  expect(problems).toEqual([]);
  await next.written();
  expect(JSON.parse(readFileSync(join(left, 'status/project/web.json'), 'utf8'))).toEqual(sampleObject('web'));
  await store.written();
});

const KEYS = [WEB, API] as const;

test('it stays small, however much is recorded', async () => {
  const dir = temporaryFolder();
  const { store } = openStore(dir);
  for (let round = 0; round < 300; round += 1) {
    store.putObject(WEB, sampleObject('web', { specHash: `${round}` }));
    await store.recorded(WEB);
    if (round % 20 > 0) continue;
    await store.written();
    store.heal();
  }
  for (let index = 0; index < 300; index += 1) {
    store.putInventory(`project/p${index}`, SAMPLE_ENTRY);
    await store.inventoryRecorded();
    if (index % 50 === 0) store.heal();
  }
  await store.written();
  expect(statSync(join(dir, 'ahead.ndjson')).size).toBeLessThan(400 * 1024);
  expect(openStore(killed(dir)).store.object(WEB)?.specHash).toBe('299');
});

test('once nothing is recorded any more it is emptied, also what the controller before left', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const { store } = openStore(dir);
  // It is not, as long as something is not written.
  writeFileSync(join(dir, 'status'), '');
  store.putObject(WEB, sampleObject('web'));
  await store.recorded(WEB);
  for (let round = 0; round < 4; round += 1) {
    store.heal();
    await store.written();
    expect((await stat(path)).size).toBeGreaterThan(0);
  }
  rmSync(join(dir, 'status'));
  store.heal(true);
  await store.written();
  const left = killed(dir);
  const { store: next } = openStore(left);
  for (const one of [store, next]) {
    one.heal();
    one.heal();
  }
  await vi.waitFor(() => {
    expect([path, join(left, 'ahead.ndjson')].map((each) => statSync(each).size)).toEqual([0, 0]);
  });
  store.putObject(WEB, sampleObject('web', { specHash: 'other' }));
  await vi.waitFor(async () => {
    expect(await store.recorded(WEB)).toBe(true);
  });
  expect(openStore(killed(dir)).store.object(WEB)?.specHash).toBe('other');
  await store.written();
});

test.each([
  { what: 'is a folder', block: (path: string) => void mkdirSync(path) },
  { what: 'leads elsewhere', block: (path: string) => symlinkSync('elsewhere', path) },
])('where the log $what, who waits is told once the file is written', async ({ block }) => {
  const dir = temporaryFolder();
  block(join(dir, 'ahead.ndjson'));
  const { store, problems } = openStore(dir);
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(WEB, SAMPLE_ENTRY);
  expect(await store.recorded(WEB)).toBe(true);
  expect(await store.inventoryRecorded()).toBe(true);
  expect(existsSync(join(dir, 'elsewhere'))).toBe(false);
  const { store: next } = openStore(killed(dir));
  expect([next.object(WEB), next.inventory(WEB)]).toEqual([sampleObject('web'), SAMPLE_ENTRY]);
  expect(problems).toEqual([]);
});

const FILE = 'status/project/web.json';

test.each<{ what: string; harm: (path: string) => void }>([
  { what: 'deleted it', harm: (path) => rmSync(path) },
  { what: 'emptied it', harm: (path) => truncateSync(path, 0) },
  { what: 'written something into it', harm: (path) => writeFileSync(path, 'hello\n') },
  { what: 'appended to it', harm: (path) => writeFileSync(path, 'hello\n', { flag: 'a' }) },
  {
    what: 'put a copy in its place',
    harm(path) {
      cpSync(path, `${path}.copy`);
      renameSync(`${path}.copy`, path);
    },
  },
])('once somebody has $what, it is made anew with all that is open of it', ({ harm }) => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  const log = logIn(dir);
  expect(log.record(join(dir, FILE), 'one')).toBe(true);
  harm(path);
  expect(log.record(join(dir, 'inventory.json'), { entries: {} })).toBe(true);
  expect(newsIn(dir)).toEqual({ [FILE]: ['one'], 'inventory.json': [{ entries: {} }] });
  harm(path);
  log.heal();
  expect(newsIn(dir)).toEqual({ [FILE]: ['one'], 'inventory.json': [{ entries: {} }] });
  harm(path);
  expect(log.settle(join(dir, FILE), log.last())).toBe(true);
  expect(newsIn(dir)).toEqual({ 'inventory.json': [{ entries: {} }] });
});

test('what was found is taken over into a file of its own, which nobody else holds', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'ahead.ndjson');
  logIn(dir).record(join(dir, FILE), 'one');
  linkSync(path, join(dir, 'backup'));
  const before = readFileSync(path, 'utf8');
  const next = logIn(dir);
  rmSync(path);
  next.record(join(dir, 'inventory.json'), { entries: {} });
  expect(newsIn(dir)).toEqual({ [FILE]: ['one'], 'inventory.json': [{ entries: {} }] });
  expect(readFileSync(join(dir, 'backup'), 'utf8')).toBe(before);
});

test('one file that is never settled takes nobody else the log', () => {
  const dir = temporaryFolder();
  const log = logIn(dir);
  const stuck = join(dir, 'status/project/stuck.json');
  const web = join(dir, FILE);
  log.record(stuck, 'stuck');
  for (let round = 0; round < 600; round += 1) {
    expect(log.record(web, 'x'.repeat(32_000))).toBe(true);
    expect(log.settle(web, log.last())).toBe(true);
  }
  log.heal();
  expect(statSync(join(dir, 'ahead.ndjson')).size).toBeLessThan(1000);
  expect(newsIn(dir)).toEqual({ 'status/project/stuck.json': ['stuck'] });
});

test('what no log can hold is not said to be on record', () => {
  const dir = temporaryFolder();
  const log = logIn(dir);
  log.record(join(dir, FILE), 'one');
  expect(log.record(join(dir, 'status/project/api.json'), 'x'.repeat(9 * 1024 * 1024))).toBe(false);
  expect(log.record(join(dir, 'status/project/docs.json'), 'two')).toBe(true);
  expect(newsIn(dir)).toEqual({ [FILE]: ['one'], 'status/project/docs.json': ['two'] });
});

test('what was recorded and is settled up to a line keeps what was recorded after it', () => {
  const dir = temporaryFolder();
  const log = logIn(dir);
  const file = join(dir, 'inventory.json');
  log.record(file, { entries: { a: 1 } });
  const to = log.last();
  log.record(file, { entries: { b: 2 } });
  expect(log.settle(file, to)).toBe(true);
  expect(newsIn(dir)).toEqual({ 'inventory.json': [{ entries: { b: 2 } }] });
  expect(log.holds(file)).toBe(true);
  log.settle(file, log.last());
  expect(log.holds(file)).toBe(false);
});

test('a log that tells of files that are not ours, or of nonsense, changes nothing, and none of it stays', async () => {
  const dir = join(temporaryFolder(), 'state');
  mkdirSync(dir);
  const log = logIn(dir);
  log.record(join(dir, '../escaped.json'), '{}');
  log.record(join(dir, 'status/project/..%2Fescaped.json'), JSON.stringify(sampleObject('../escaped')));
  log.record(join(dir, 'status/project/web.json'), '{"apiVersion":"other"}');
  log.record(join(dir, 'status/project/api.json'), 'no JSON');
  log.record(join(dir, 'status/project/docs.json'), 7);
  log.record(join(dir, 'inventory.json'), { entries: { [WEB]: 'nonsense', [API]: SAMPLE_ENTRY } });
  log.record(join(dir, 'inventory.json'), { entries: 'nonsense' });
  const { store, problems } = openStore(dir);
  expect(store.keys()).toEqual([]);
  expect(store.inventoryKeys()).toEqual([API]);
  await store.written();
  expect(existsSync(join(dir, '../escaped.json'))).toBe(false);
  expect(problems).toEqual([]);
  expect(newsIn(dir)).toEqual({});
});

test('a line of no use is told', () => {
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'ahead.ndjson'), 'hello\n');
  expect(openStore(dir).problems).toEqual([{ type: 'LinesDropped', path: join(dir, 'ahead.ndjson'), count: 1 }]);
  expect(openStore(dir).problems).toEqual([]);
});

test('who reads what a killed controller left knows what it had recorded, until a file says it', async () => {
  const dir = temporaryFolder();
  const { store, clock } = openStore(dir);
  for (let n = 0; n < 300; n += 1) store.putObject(`project/p${n}`, sampleObject(`p${n}`));
  clock.now = Date.now();
  store.putObject(WEB, sampleObject('web'));
  store.putInventory(WEB, SAMPLE_ENTRY);
  await Promise.all([store.recorded(WEB), store.inventoryRecorded()]);
  const left = killed(dir);
  expect(readState(left).object(WEB)).toEqual(sampleObject('web'));
  expect(readState(left).objects().get(WEB)).toEqual(sampleObject('web'));
  expect(readState(left).inventory().get(WEB)).toEqual(SAMPLE_ENTRY);
  const later = sampleObject('web', { specHash: 'later' });
  mkdirSync(join(left, 'status/project'), { recursive: true });
  writeFileSync(join(left, FILE), JSON.stringify(later));
  writeFileSync(join(left, 'inventory.json'), '{"version":1,"entries":{}}');
  expect(readState(left).object(WEB)).toEqual(sampleObject('web'));
  const log = logIn(left);
  for (const file of [FILE, 'inventory.json']) log.settle(join(left, file), log.last());
  expect(readState(left).object(WEB)).toEqual(later);
  expect(readState(left).objects().get(WEB)).toEqual(later);
  expect(readState(left).inventory().size).toBe(0);
  await store.written();
});

test('after a start, what somebody has touched or taken away is recorded as it is, and not as gone', async () => {
  const dir = temporaryFolder();
  const first = openStore(dir).store;
  for (const key of KEYS) {
    first.putObject(key, sampleObject(key.slice('project/'.length)));
    first.putInventory(key, SAMPLE_ENTRY);
  }
  await first.written();
  const { store } = openStore(dir);
  rmSync(join(dir, FILE));
  rmSync(join(dir, 'inventory.json'));
  // Nothing can be written: all that there is stands in the log.
  mkdirSync(join(dir, '.inventory.json.tmp'));
  mkdirSync(join(dir, 'status/project/.web.json.tmp'));
  store.heal(true);
  expect([await store.recorded(WEB), await store.inventoryRecorded()]).toEqual([true, true]);
  store.putInventory(WEB, { ...SAMPLE_ENTRY, uid: 'other' });
  expect(await store.inventoryRecorded()).toBe(true);
  await store.written();
  const { store: next } = openStore(killed(dir));
  expect(next.object(WEB)).toEqual(sampleObject('web'));
  expect([next.inventory(WEB)?.uid, next.inventory(API)]).toEqual(['other', SAMPLE_ENTRY]);
});
