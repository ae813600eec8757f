import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAX_BYTES } from '../../../controller/store/state/journal.ts';
import { readState } from '../../../controller/store/state/read-state.ts';
import { openStore, temporaryFolder } from './samples.ts';

const ENTRY = { id: '1', key: 'project/web', step: 'intent', verb: 'KillPane', what: 'remove pane %3' };

test('the journal is a line an entry, with the time', () => {
  const dir = temporaryFolder();
  const { store, clock } = openStore(dir);
  store.journal(ENTRY);
  clock.now += 4;
  store.journal({ ...ENTRY, step: 'done' });
  expect(readFileSync(join(dir, 'journal.ndjson'), 'utf8').split('\n')[0]).toBe(
    `{"time":"2025-03-01T10:00:00.000Z","id":"1","key":"project/web","step":"intent","verb":"KillPane","what":"remove pane %3"}`,
  );
  expect(readState(dir).journal()).toMatchObject([ENTRY, { time: '2025-03-01T10:00:00.004Z', step: 'done' }]);
});

test('a full journal becomes the one before, of which one is kept', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'journal.ndjson');
  const { store } = openStore(dir);
  for (const name of ['older', 'old']) {
    writeFileSync(path, `${JSON.stringify({ time: name, filler: 'x'.repeat(MAX_BYTES - 100) })}\n`);
    store.journal(ENTRY);
  }
  expect(statSync(path).size).toBeLessThan(200);
  expect(
    readState(dir)
      .journal()
      .map(({ time }) => time),
  ).toEqual(['old', '2025-03-01T10:00:00.000Z']);
});

test('a line that a crash tore does not spoil the next one', () => {
  const dir = temporaryFolder();
  openStore(dir).store.journal(ENTRY);
  appendFileSync(join(dir, 'journal.ndjson'), '{"time":"2025-');
  openStore(dir).store.journal({ ...ENTRY, id: '2' });
  expect(
    readState(dir)
      .journal()
      .map((line) => line['id']),
  ).toEqual(['1', '2']);
});
