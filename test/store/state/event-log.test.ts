import { appendFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_BYTES } from '../../../controller/store/state/event-log.ts';
import { readState } from '../../../controller/store/state/read-state.ts';
import { openStore, temporaryFolder } from './samples.ts';

const WEB = { kind: 'Project', name: 'web', uid: 'uid-web' };
const UP = { type: 'Normal', reason: 'Ready', message: 'up' } as const;

describe('events', () => {
  test('that happen again are counted, with the times of the first and the last', () => {
    const dir = temporaryFolder();
    const { store, clock } = openStore(dir);
    store.recordEvent(WEB, UP);
    clock.now += 5_000;
    store.recordEvent(WEB, UP);
    store.recordEvent({ ...WEB, uid: 'uid-new' }, UP);
    expect(readState(dir).events()).toMatchObject([
      { count: 2, firstTimestamp: '2025-03-01T10:00:00.000Z', lastTimestamp: '2025-03-01T10:00:05.000Z' },
      { count: 1, involvedObject: { uid: 'uid-new' } },
    ]);
  });

  test('go on counting after a restart', () => {
    const dir = temporaryFolder();
    openStore(dir).store.recordEvent(WEB, UP);
    openStore(dir).store.recordEvent(WEB, UP);
    expect(readState(dir).events()).toMatchObject([{ count: 2 }]);
  });

  test('of one kind are written at most once a second, and their count with the next append or heal', () => {
    const dir = temporaryFolder();
    const { store, clock } = openStore(dir);
    for (let times = 0; times < 50; times++) {
      store.recordEvent(WEB, UP);
      clock.now += 10;
    }
    expect(lines(dir)).toHaveLength(1);
    store.recordEvent(WEB, { ...UP, message: 'other' });
    expect(readState(dir).events()).toMatchObject([{ count: 50 }, { message: 'other' }]);
    store.recordEvent(WEB, UP);
    store.heal();
    expect(readState(dir).events().at(-1)).toMatchObject({ count: 51 });
  });

  test('keep the latest thousand', () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    for (let index = 0; index < 1_100; index++) store.recordEvent(WEB, { ...UP, message: `event ${index}` });
    rmSync(join(dir, 'events.ndjson'));
    store.heal();
    const messages = readState(dir)
      .events()
      .map(({ message }) => message);
    expect([messages.length, messages[0], messages.at(-1)]).toEqual([1_000, 'event 100', 'event 1099']);
  });

  test('never take more than 1 MiB, and lose the oldest first', () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    for (let index = 0; index < 1_500; index++) {
      store.recordEvent(WEB, { ...UP, message: `${index} ${'ä'.repeat(2_000)}` });
      if (index % 50 === 0) expect(statSync(join(dir, 'events.ndjson')).size).toBeLessThanOrEqual(MAX_BYTES);
    }
    const events = readState(dir).events();
    expect(events.at(-1)?.message.startsWith('1499 ')).toBe(true);
    expect(events.length).toBeGreaterThan(150);
    expect(Math.max(...events.map(({ message }) => message.length))).toBe(1_024);
  });

  test('survive a line that was torn by a crash, and lines of nonsense, which are told', () => {
    const dir = temporaryFolder();
    const path = join(dir, 'events.ndjson');
    openStore(dir).store.recordEvent(WEB, UP);
    appendFileSync(path, '{"apiVersion":"muxl');
    const { store, problems } = openStore(dir);
    expect(problems).toEqual([]);
    store.recordEvent(WEB, { ...UP, message: 'after' });
    expect(
      readState(dir)
        .events()
        .map(({ message }) => message),
    ).toEqual(['up', 'after']);
    writeFileSync(path, `null\n{"kind":"Event"}\n${lines(dir)[0]}\n\n`);
    const again = openStore(dir);
    expect(again.problems).toEqual([{ type: 'LinesDropped', path, count: 2 }]);
    expect(readState(dir).events()).toHaveLength(1);
  });
});

function lines(dir: string): string[] {
  return readFileSync(join(dir, 'events.ndjson'), 'utf8').trim().split('\n');
}
