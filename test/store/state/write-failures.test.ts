import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createStateStore } from '../../../controller/store/state/state-store.ts';
import { openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';
const EVENT = { type: 'Normal', reason: 'Ready', message: 'up' } as const;
const canLimit = spawnSync('prlimit', ['--version']).status === 0;

describe('a write that fails [S143]', () => {
  test('is told once for a folder, never throws, and is made good once it can be', async () => {
    const dir = temporaryFolder();
    const { store, problems, writes } = openStore(dir);
    store.putObject('agentclass/shell', sampleObject('shell', { kind: 'AgentClass' }));
    await store.written();
    writeFileSync(join(dir, 'status/project'), 'a file where a folder should be');
    store.putObject(WEB, sampleObject('web'));
    store.putObject('project/api', sampleObject('api'));
    await store.written();
    store.putObject(WEB, sampleObject('web'));
    store.heal();
    await store.written();
    expect(writes.filter((result) => result === 'error')).toHaveLength(4);
    const path = join(dir, 'status/project/web.json');
    expect(problems).toEqual([{ type: 'WriteFailed', path, code: 'ENOTDIR', message: expect.any(String) }]);
    expect(store.object(WEB)).toEqual(sampleObject('web'));

    rmSync(join(dir, 'status/project'));
    store.heal();
    await store.written();
    expect(problems.slice(1)).toEqual([{ type: 'WriteHealed', folder: join(dir, 'status/project') }]);
    const again = openStore(dir).store;
    expect([...again.keys()].sort()).toEqual(['agentclass/shell', 'project/api', WEB]);
    // What it has repaired it writes, and the folder is to stay for that.
    await again.written();
  });

  test('is tried again by the next put of the same content', async () => {
    const dir = temporaryFolder();
    const { store, writes } = openStore(dir);
    mkdirSync(join(dir, 'status/project/.web.json.tmp'), { recursive: true });
    store.putObject(WEB, sampleObject('web'));
    await store.written();
    rmSync(join(dir, 'status/project/.web.json.tmp'), { recursive: true });
    store.putObject(WEB, sampleObject('web'));
    await store.written();
    expect(writes).toEqual(['error', 'success']);
  });

  test('may be answered with an event, which fails as well, without end', () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'events.ndjson'));
    const told: string[] = [];
    const store = createStateStore({
      dir,
      now: Date.now,
      onProblem(problem) {
        told.push(problem.type);
        store.recordEvent(
          { kind: 'Project', name: 'web' },
          { type: 'Warning', reason: 'StateUnwritable', message: 'x' },
        );
      },
    });
    store.recordEvent({ kind: 'Project', name: 'web' }, EVENT);
    store.journal({ id: 'kept' });
    expect(told).toEqual(['WriteFailed']);
    rmSync(join(dir, 'events.ndjson'), { recursive: true });
    store.heal();
    expect(told).toEqual(['WriteFailed', 'WriteHealed']);
    expect(readFileSync(join(dir, 'events.ndjson'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  test('is counted, as is each that succeeds', async () => {
    const dir = temporaryFolder();
    const results: string[] = [];
    const onWrite = (result: string) => results.push(result);
    const store = createStateStore({ dir, now: Date.now, onProblem: () => {}, onWrite });
    store.putAddress('127.0.0.1:1');
    store.putAddress('127.0.0.1:1');
    for (const blocked of ['.inventory.json.tmp', 'ahead.ndjson']) mkdirSync(join(dir, blocked));
    store.putInventory(WEB, SAMPLE_ENTRY);
    expect(await store.inventoryRecorded()).toBe(false);
    expect(results).toEqual(['success', 'error']);
    rmSync(join(dir, '.inventory.json.tmp'), { recursive: true });
    store.heal();
    expect(await store.inventoryRecorded()).toBe(true);
    expect(new Set(results.slice(2))).toEqual(new Set(['success']));
  });

  test('keeps a removal that failed until it succeeds', async () => {
    const dir = temporaryFolder();
    const { store, problems } = openStore(dir);
    const path = join(dir, 'status/project/web.json');
    mkdirSync(path, { recursive: true });
    store.removeObject(WEB);
    await store.written();
    expect(problems).toMatchObject([{ type: 'WriteFailed', path }]);
    rmSync(path, { recursive: true });
    writeFileSync(path, JSON.stringify(sampleObject('web')));
    store.heal();
    await store.written();
    expect(readdirSync(join(dir, 'status/project'))).toEqual([]);
    expect(problems).toHaveLength(2);
  });

  test.skipIf(!canLimit)('half way leaves the old content, and lines after a torn one are whole', async () => {
    const dir = temporaryFolder();
    const { store, problems, clock } = openStore(dir);
    store.putObject(WEB, sampleObject('web'));
    store.putInventory(WEB, SAMPLE_ENTRY);
    await store.inventoryRecorded();
    await store.written();
    store.journal({ id: 'first' });
    store.recordEvent({ kind: 'Project', name: 'web' }, EVENT);
    const old = readFileSync(join(dir, 'status/project/web.json'), 'utf8');

    limitFiles('300:');
    try {
      store.putObject(WEB, sampleObject('web', { specHash: 'new' }));
      await store.written();
      store.putInventory('project/api', SAMPLE_ENTRY);
      await store.inventoryRecorded();
      store.journal({ id: 'second', what: 'x'.repeat(300) });
      clock.now += 2_000;
      store.recordEvent({ kind: 'Project', name: 'web' }, EVENT);
    } finally {
      limitFiles('unlimited:');
    }
    expect(readFileSync(join(dir, 'status/project/web.json'), 'utf8')).toBe(old);
    expect(problems.map((problem) => problem.type === 'WriteFailed' && problem.code)).toEqual(['EFBIG', 'EFBIG']);
    expect(openStore(dir).store.object(WEB)).toEqual(sampleObject('web'));

    store.heal();
    await store.written();
    expect(problems.slice(2).map(({ type }) => type)).toEqual(['WriteHealed', 'WriteHealed']);
    const again = openStore(dir);
    expect(again.store.object(WEB)?.specHash).toBe('new');
    expect(again.store.inventoryKeys()).toEqual([WEB, 'project/api']);
    const journal = readFileSync(join(dir, 'journal.ndjson'), 'utf8');
    expect(journal).toContain('\n{"time":"2025-03-01T10:00:00.000Z","id":"second"');
    expect(readFileSync(join(dir, 'events.ndjson'), 'utf8')).toContain('"count":2');
  });
});

/** Sets the soft limit on the size of files that this process writes, as a full disk would. */
function limitFiles(bytes: string): void {
  execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes}`]);
}
