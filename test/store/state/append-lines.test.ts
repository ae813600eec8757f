import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAppendedFile } from '../../../controller/store/state/append-lines.ts';
import { openStore, temporaryFolder } from './samples.ts';

const ANY = Number.POSITIVE_INFINITY;

test('a file that is appended to begins only where there is one, and closes off a torn line once', () => {
  const path = join(temporaryFolder(), 'lines');
  const file = createAppendedFile(path);
  expect(file.append('a\n', ANY)).toBe('Missing');
  writeFileSync(path, 'a\nto');
  expect(file.append('b\n', ANY)).toBe('Appended');
  expect(file.append('c\n', ANY)).toBe('Appended');
  expect(readFileSync(path, 'utf8')).toBe('a\nto\nb\nc\n');
});

test('what does not fit is not written, whoever wrote what is there before it was opened', () => {
  const path = join(temporaryFolder(), 'lines');
  writeFileSync(path, 'abc\n');
  const file = createAppendedFile(path);
  expect(file.append('d\n', 6)).toBe('Appended');
  expect(file.append('e\n', 6)).toBe('Full');
  expect(readFileSync(path, 'utf8')).toBe('abc\nd\n');
});

test('a file that was deleted, replaced, emptied or made a link is let go of, and found again', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'lines');
  writeFileSync(path, '');
  const file = createAppendedFile(path);
  expect(file.letGoIfReplaced()).toBe(false);
  file.append('a\n', ANY);
  expect(file.letGoIfReplaced()).toBe(false);
  renameSync(path, join(dir, 'moved'));
  writeFileSync(path, 'new\n');
  expect(file.letGoIfReplaced()).toBe(true);
  file.append('b\n', ANY);
  expect([file.letGoIfReplaced(), readFileSync(path, 'utf8')]).toEqual([false, 'new\nb\n']);
  writeFileSync(path, '');
  expect(file.letGoIfReplaced()).toBe(true);
  file.append('c\n', ANY);
  rmSync(path);
  expect(file.letGoIfReplaced()).toBe(true);
  expect(file.append('d\n', ANY)).toBe('Missing');
  symlinkSync(join(dir, 'moved'), path);
  expect(() => file.append('e\n', ANY)).toThrow('ELOOP');
});

test.each(['journal.ndjson', 'events.ndjson'])('a %s that somebody deletes or replaces is begun anew', (name) => {
  const dir = temporaryFolder();
  const path = join(dir, name);
  const { store, clock } = openStore(dir);
  const write = (id: string): void => {
    clock.now += 2000;
    store.journal({ id });
    store.recordEvent({ kind: 'Project', name: 'web' }, { type: 'Normal', reason: 'Ready', message: id });
  };
  write('First');
  rmSync(path);
  store.heal();
  write('Second');
  expect(readFileSync(path, 'utf8')).toContain('Second');
  writeFileSync(`${path}.new`, '');
  renameSync(`${path}.new`, path);
  store.heal();
  write('Third');
  expect(readFileSync(path, 'utf8')).toContain('Third');
});

test('events that went to a file that was replaced or emptied since are written again', () => {
  const dir = temporaryFolder();
  const path = join(dir, 'events.ndjson');
  const { store, clock } = openStore(dir);
  const record = (message: string): void => {
    clock.now += 2000;
    store.recordEvent({ kind: 'Project', name: 'web' }, { type: 'Normal', reason: 'Ready', message });
  };
  // The file is made by the first, and open from the second on.
  record('made');
  record('first');
  writeFileSync(`${path}.new`, '');
  renameSync(`${path}.new`, path);
  record('second');
  store.heal();
  expect(readFileSync(path, 'utf8')).toMatch(/first[^]*second/);
  record('third');
  writeFileSync(path, '');
  store.heal();
  expect(readFileSync(path, 'utf8')).toMatch(/first[^]*second[^]*third/);
});
