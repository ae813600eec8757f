import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRevisionReader, type RevisionReader } from '../../../controller/store/sources/revision-reader.ts';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { createWorld, project, type Started, start, type World, wanted } from '../specs/support.ts';
import { gitSource, take } from './support.ts';

let world: World;
let reader: RevisionReader;
let source: SpecSource;
let running: Started;
/** When each repository was last looked at. */
const lookedAt = new Map<string, number>();
const asked: string[] = [];

const followed = {
  areLookedAt(since: number, but: string | undefined) {
    const behind = [...lookedAt].filter(([name, at]) => name !== but && at < since).map(([name]) => name);
    asked.push(...behind);
    return behind.length === 0;
  },
};

beforeEach(async () => {
  world = createWorld();
  reader = createRevisionReader();
  asked.length = 0;
  lookedAt.clear();
  for (const name of ['one', 'two']) {
    world.write(`${name}.yaml`, gitSource(name));
    lookedAt.set(name, world.clock.now());
  }
  world.write('web.yaml', project('web', 'here'));
  await put('one', { 'api.yaml': project('api', 'one') });
  await put('two', { 'else.yaml': project('else', 'two') });
  source = world.source({ revisions: reader, followed });
  running = await start(source);
  await pass(1000);
});
afterEach(() => {
  running.stop();
  world.remove();
});

const put = (name: string, files: Record<string, string>) =>
  take(name, files, { state: join(world.root, 'state'), reader });

const unlink = (file: string): void => rmSync(join(world.specs, file));

/** Two looks that agree, and more. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await world.clock.pass(500);
    await source.reload();
  }
}

const GONE = 'Absent gone';
const stateOf = (name: string): string => {
  const desired = source.desiredProject(name);
  return desired.type === 'Absent' ? `Absent ${desired.confirmed ? 'gone' : 'unsure'}` : wanted(source, name);
};

describe('a spec that leaves its place', () => {
  it('stays until each repository that may have it by now was looked at', async () => {
    unlink('web.yaml');
    await pass(2000);
    expect(stateOf('web')).toBe('Present here');
    expect(new Set(asked)).toEqual(new Set(['one', 'two']));
    lookedAt.set('one', world.clock.now());
    await pass(1000);
    expect(stateOf('web')).toBe('Present here');
    // It was pushed before it was removed here.
    await put('two', { 'else.yaml': project('else', 'two'), 'web.yaml': project('web', 'there') });
    lookedAt.set('two', world.clock.now());
    await pass(2000);
    expect(stateOf('web')).toBe('Present there');
  });

  it('is gone once all were looked at and none has it', async () => {
    unlink('web.yaml');
    await pass(1000);
    for (const name of ['one', 'two']) lookedAt.set(name, world.clock.now());
    await pass(1000);
    expect(stateOf('web')).toBe(GONE);
  });

  it('is gone after a minute, whatever keeps a repository from being looked at', async () => {
    unlink('web.yaml');
    await pass(59_000);
    expect(stateOf('web')).toBe('Present here');
    await pass(3000);
    expect(stateOf('web')).toBe(GONE);
  });

  it('waits for no look at the repository that it has left', async () => {
    lookedAt.set('two', Number.POSITIVE_INFINITY);
    await put('one', {});
    await pass(1000);
    expect([stateOf('api'), asked]).toEqual([GONE, []]);
  });

  it('of one that comes back in time nothing is remembered', async () => {
    unlink('web.yaml');
    await pass(40_000);
    world.write('web.yaml', project('web', 'again'));
    await pass(1000);
    unlink('web.yaml');
    await pass(40_000);
    expect(stateOf('web')).toBe('Present again');
  });
});
