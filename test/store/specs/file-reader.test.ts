import { lstatSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileReader, MAX_FILE_BYTES } from '../../../controller/store/specs/file-reader.ts';
import { type FoundFile, versionOf } from '../../../controller/store/specs/scan-directory.ts';
import { createWorld, project, type World } from './support.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.remove());

function found(path: string): FoundFile {
  return { source: 'web.yaml', path, version: versionOf(lstatSync(path, { bigint: true })) };
}

describe('the file reader', () => {
  it('does not trust times that are as young as the look: a second write may leave them as they are', () => {
    const file = found(world.write('web.yaml', project('web', 'one')));
    const reader = createFileReader();
    const first = reader.read(file, file.version.changedAt + 50);
    expect(reader.read(file, file.version.changedAt + 60)).toBe(first);
    world.write('web.yaml', project('web', 'two'));
    expect(reader.read(file, file.version.changedAt + 70).objects[0]?.object.spec).toMatchObject({
      agents: [{ command: ['sh', '-c', 'two'] }],
    });
  });

  it('does not open a file again whose times are old enough', () => {
    const file = found(world.write('web.yaml', project('web', 'one')));
    const reader = createFileReader();
    const first = reader.read(file, file.version.changedAt + 1000);
    expect(reader.isKnown(file)).toBe(true);
    world.remove();
    expect(reader.read(file, file.version.changedAt + 2000)).toBe(first);
  });

  it('reads a file of a mebibyte and none that grew beyond it after the look', () => {
    const path = world.write('web.yaml', `${project('web')}#${' '.repeat(MAX_FILE_BYTES - project('web').length - 1)}`);
    const file = found(path);
    expect(createFileReader().read(file, 0).problems).toEqual([]);
    truncateSync(path, MAX_FILE_BYTES + 1);
    expect(createFileReader().read(file, 0).problems[0]?.code).toBe('FileTooLarge');
  });

  it('does not read another file that took the place', () => {
    const file = found(world.write('web.yaml', project('web')));
    const stranger = found(world.write('other.yaml', project('other')));
    const { problems, objects } = createFileReader().read({ ...file, path: stranger.path }, 0);
    expect([problems[0]?.code, objects]).toEqual(['FileUnreadable', []]);
  });
});
