import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markDeleted } from '../../../controller/store/sources/deletions.ts';
import { createRevisionReader, type RevisionReader } from '../../../controller/store/sources/revision-reader.ts';
import { writeAttempt } from '../../../controller/store/sources/source-files.ts';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { codes, createWorld, project, type Started, start, type World, wanted } from '../specs/support.ts';
import { gitSource, take } from './support.ts';

let world: World;
let reader: RevisionReader;
let source: SpecSource;
let running: Started;
/** When each repository was last looked at. */
const lookedAt = new Map<string, number>();
const asked: string[] = [];

const followed = {
  behind(since: number, but: string | undefined) {
    const behind = [...lookedAt].filter(([name, at]) => name !== but && at < since).map(([name]) => name);
    asked.push(...behind);
    return behind;
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

const stateFolder = (): string => join(world.root, 'state');

const writeStatus = (uid: string): void => {
  const path = join(stateFolder(), 'status', 'project', 'web.json');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ metadata: { name: 'web', uid } }));
};

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

  it('is a problem that says what it waits for and until when, and how it ends at once', async () => {
    writeAttempt(stateFolder(), 'two', { reason: 'FetchFailed', message: 'no such host', problems: [] });
    lookedAt.set('one', Number.POSITIVE_INFINITY);
    unlink('web.yaml');
    const end = world.clock.now() + 60_000;
    await pass(1000);
    expect(codes(source)).toEqual([]);
    await pass(3000);
    const [problem] = source.problems();
    expect(problem).toMatchObject({
      code: 'SpecVanished',
      severity: 'Warning',
      object: { kind: 'Project', name: 'web' },
    });
    expect(problem?.message).toContain('(gitsource/two: no such host), and ends at ');
    const told = /ends at (\S+Z)/.exec(problem?.message ?? '')?.[1] ?? '';
    expect(Math.abs(Date.parse(told) - end)).toBeLessThan(2500);
    expect(problem?.hint).toContain("'muxlet delete project web'");
    lookedAt.set('two', Number.POSITIVE_INFINITY);
    await pass(3000);
    expect([stateOf('web'), source.problems()]).toEqual([GONE, []]);
  });

  it('waits no longer in all for a controller that was killed meanwhile', async () => {
    unlink('web.yaml');
    await pass(40_000);
    running.stop();
    source = world.source({ revisions: reader, followed });
    running = await start(source);
    await pass(15_000);
    expect(stateOf('web')).toBe('Present here');
    await pass(8000);
    expect(stateOf('web')).toBe(GONE);
  });

  it('is waited for by a controller that comes after a long time, and by one whose machine slept', async () => {
    unlink('web.yaml');
    await pass(2000);
    running.stop();
    await world.clock.pass(600_000);
    source = world.source({ revisions: reader, followed });
    running = await start(source);
    await pass(5000);
    expect(stateOf('web')).toBe('Present here');
    world.clock.leap(3_600_000);
    await pass(5000);
    expect(stateOf('web')).toBe('Present here');
    await pass(8000);
    expect(stateOf('web')).toBe(GONE);
  });

  it('is there for whoever only reads as long as the controller waits', async () => {
    unlink('web.yaml');
    await pass(2000);
    const reading = world.source({ readOnly: true });
    await reading.reload();
    expect(wanted(reading, 'web')).toBe('Present here');
  });
});

describe('a spec that somebody asked to be removed', () => {
  const mark = (uid?: string): void => {
    if (uid !== undefined) writeStatus(uid);
    markDeleted(stateFolder(), 'project/web', world.clock.now());
  };
  const marks = (): readonly string[] => {
    const folder = join(stateFolder(), 'deletions', 'project');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  it('is waited for by nobody, and the mark goes with it', async () => {
    mark('uid-1');
    unlink('web.yaml');
    await pass(1000);
    expect([stateOf('web'), marks()]).toEqual([GONE, []]);
  });

  it('is so whoever was killed in between, and also where nothing of a new repository is in force', async () => {
    mark();
    unlink('web.yaml');
    running.stop();
    world.write('three.yaml', gitSource('three'));
    source = world.source({ revisions: reader, followed });
    running = await start(source);
    await pass(1000);
    expect([stateOf('web'), stateOf('api'), marks()]).toEqual([GONE, 'Present one', []]);
  });

  it('is another one than what comes later under its name', async () => {
    mark('uid-1');
    writeStatus('uid-2');
    unlink('web.yaml');
    await pass(2000);
    expect(stateOf('web')).toBe('Present here');
  });

  it('stands somewhere all the same: the mark of a verb that was killed is forgotten', async () => {
    mark();
    await pass(1000);
    expect(marks()).toEqual(['web.json']);
    await pass(6000);
    expect(marks()).toEqual([]);
    unlink('web.yaml');
    await pass(2000);
    expect(stateOf('web')).toBe('Present here');
  });
});

describe('a spec that was moved to where it is not in force', () => {
  it('goes on for as long as it takes, and is known to be there', async () => {
    await put('two', { 'else.yaml': 'kind: [', 'web.yaml': project('web', 'there') });
    lookedAt.set('one', Number.POSITIVE_INFINITY);
    unlink('web.yaml');
    await pass(90_000);
    expect([stateOf('web'), codes(source)]).toEqual(['Present here', ['SpecVanished']]);
    await put('two', { 'web.yaml': project('web', 'there') });
    await pass(1000);
    expect([stateOf('web'), codes(source)]).toEqual(['Present there', []]);
  });

  it('is waited for anew once it is not there any more', async () => {
    await put('two', { 'else.yaml': 'kind: [', 'web.yaml': project('web', 'there') });
    unlink('web.yaml');
    await pass(90_000);
    await put('two', { 'else.yaml': project('else', 'two') });
    await pass(50_000);
    expect(stateOf('web')).toBe('Present here');
    for (const name of ['one', 'two']) lookedAt.set(name, Number.POSITIVE_INFINITY);
    await pass(1000);
    expect(stateOf('web')).toBe(GONE);
  });

  it('ends all the same when somebody asks for that', async () => {
    await put('two', { 'else.yaml': 'kind: [', 'web.yaml': project('web', 'there') });
    unlink('web.yaml');
    await pass(2000);
    markDeleted(stateFolder(), 'project/web', world.clock.now());
    await pass(1000);
    expect(stateOf('web')).toBe(GONE);
  });
});
