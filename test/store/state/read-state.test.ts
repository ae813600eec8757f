import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../controller/api/problem.ts';
import { readState } from '../../../controller/store/state/read-state.ts';
import type { StateProblem } from '../../../controller/store/state/state-problem.ts';
import { openStore, SAMPLE_ENTRY, sampleObject, temporaryFolder } from './samples.ts';

const WEB = 'project/web';
const PROBLEM: Problem = {
  code: 'InvalidField',
  severity: 'Error',
  file: 'specs/web.yaml',
  line: 3,
  column: 5,
  field: 'spec.agents[0].name',
  object: { kind: 'Project', name: 'web' },
  message: 'is no name',
  hint: 'use lower case letters',
};

describe('reading the state', () => {
  test('gives what the store wrote', async () => {
    const dir = temporaryFolder();
    const { store } = openStore(dir);
    store.putObject(WEB, sampleObject('web'));
    store.putInventory(WEB, SAMPLE_ENTRY);
    await store.inventoryRecorded();
    await store.written();
    store.putProblems([PROBLEM]);
    store.putAddress('[::1]:9779');
    const reader = readState(dir);
    expect([...reader.objects()]).toEqual([[WEB, sampleObject('web')]]);
    expect(reader.object(WEB)).toEqual(sampleObject('web'));
    expect(reader.object('project/api')).toBeUndefined();
    expect(reader.inventory().get(WEB)).toEqual(SAMPLE_ENTRY);
    expect(reader.problems()).toEqual([PROBLEM]);
    expect(reader.address()).toBe('[::1]:9779');
  });

  test('finds nothing in a directory that is missing, and does not make it', () => {
    const parent = temporaryFolder();
    const told: StateProblem[] = [];
    const reader = readState(join(parent, 'state'), { onProblem: (problem) => told.push(problem) });
    expect([...reader.objects(), ...reader.events(), ...reader.problems(), ...reader.journal()]).toEqual([]);
    expect([reader.inventory().size, reader.address(), reader.holder()]).toEqual([0, undefined, undefined]);
    expect(told).toEqual([]);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('tells what is broken, and leaves every file as it is', () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'status/project'), { recursive: true });
    const files = ['status/project/web.json', 'inventory.json', 'problems.json', 'events.ndjson', 'journal.ndjson'];
    for (const file of [...files, 'lock', 'address']) writeFileSync(join(dir, file), '{"broken\n');
    const before = files.map((file) => statSync(join(dir, file)).mtimeMs);
    const told: string[] = [];
    const reader = readState(dir, { onProblem: ({ type }) => told.push(type) });
    expect([...reader.objects(), ...reader.events(), ...reader.problems(), ...reader.journal()]).toEqual([]);
    expect([reader.inventory().size, reader.address(), reader.holder()]).toEqual([0, undefined, undefined]);
    expect(told).toEqual(['Corrupt', 'LinesDropped', 'Corrupt', 'Corrupt']);
    expect(files.map((file) => statSync(join(dir, file)).mtimeMs)).toEqual(before);
    expect(readFileSync(join(dir, 'inventory.json'), 'utf8')).toBe('{"broken\n');
    expect(readdirSync(dir).sort()).toEqual([...files.slice(1), 'lock', 'address', 'status'].sort());
  });
});
