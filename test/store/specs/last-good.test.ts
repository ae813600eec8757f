import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { codes, createWorld, project, type Started, start, type World, wanted } from './support.ts';

let world: World;
const started: Started[] = [];
beforeEach(() => {
  world = createWorld();
});
afterEach(() => {
  for (const { stop } of started.splice(0)) stop();
  world.remove();
});

async function run(source: SpecSource): Promise<Started> {
  const running = await start(source);
  started.push(running);
  return running;
}

const applied = (kind: string, name: string) => join(world.root, 'state/applied', kind, `${name}.json`);

describe('broken input', () => {
  it('[S28] keeps the last good version of all objects of the file, and takes every other file', async () => {
    world.write('web.yaml', `${project('web', 'one')}---\n${project('api', 'two')}`);
    world.write('ok.yaml', project('ok', 'three'));
    const source = world.source();
    await run(source);
    await world.clock.pass(250);
    world.write('web.yaml', `${project('web', 'changed')}---\n${project('new').replace('command', 'comand')}`);
    world.write('ok.yaml', project('ok', 'four'));
    await source.reload();
    await world.clock.pass(250);
    expect(['web', 'api', 'ok', 'new'].map((name) => wanted(source, name))).toEqual([
      'Present one',
      'Present two',
      'Present four',
      'Absent?',
    ]);
    expect(source.problems()).toMatchObject([
      { code: 'InvalidField', line: 15, column: 7, object: { kind: 'Project', name: 'new' } },
    ]);
  });

  it.each([
    ['is broken', 'a: ['],
    ['is too large', `# ${'x'.repeat(1024 * 1024)}`],
    ['is not UTF-8', Buffer.from([0xff, 0xfe, 0x61])],
    ['is a bomb', 'a: &a [*a]'],
  ])('keeps last good versions over a restart while the file %s', async (_, content) => {
    const path = world.write('web.yaml', project('web', 'one'));
    await world.source().reload();
    writeFileSync(path, content);
    const source = world.source();
    await run(source);
    await world.clock.pass(1000);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(source.problems()).toHaveLength(1);
  });

  it('finds out after a restart what went meanwhile, and needs two looks for it', async () => {
    const path = world.write('web.yaml', project('web', 'one'));
    await world.source().reload();
    rmSync(path);
    const source = world.source();
    const running = await run(source);
    expect(running.told()).toContain('project/web');
    expect(wanted(source, 'web')).toBe('Absent?');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Absent');
    expect(running.told()).toContain('project/web');
  });

  it('counts the look before a restart as the first of two', async () => {
    world.write('web.yaml', project('web', 'one'));
    await world.source().reload();
    await world.clock.pass(250);
    const source = world.source();
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present one');
  });

  it('prefers another good place over the last good version from a broken file', async () => {
    world.write('a.yaml', project('web', 'one'));
    await world.source().reload();
    world.write('a.yaml', 'a: [');
    world.write('b.yaml', project('web', 'two'));
    const source = world.source();
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present two?');
  });

  it('[S7] [S33] takes neither of two places: the known object stays as it is, a new one is not taken', async () => {
    world.write('a/spec.yaml', project('web', 'one'));
    const source = world.source();
    await run(source);
    await world.clock.pass(250);
    world.write('a/spec.yaml', `${project('web', 'changed')}---\n${project('new')}`);
    world.write('b/spec.yaml', `${project('web', 'two')}---\n${project('new')}---\n${project('alone', 'x')}`);
    await source.reload();
    await world.clock.pass(250);
    expect(['web', 'new', 'alone'].map((name) => wanted(source, name))).toEqual([
      'Present one',
      'Absent?',
      'Present x',
    ]);
    expect(codes(source)).toEqual(['DuplicateObject', 'DuplicateObject']);
    expect(source.problems()[0]?.message).toContain(`${world.specs}/a/spec.yaml:1 and ${world.specs}/b/spec.yaml:1`);
    rmSync(join(world.specs, 'a'), { recursive: true });
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present two?');
    expect(codes(source)).toEqual([]);
  });

  it('[S7] [S8] makes one object of one spec that two writers put in place while several loads are asked for', async () => {
    const source = world.source();
    const running = await run(source);
    running.told();
    const loads = [1, 2, 3].map(() => {
      world.write('web.yaml', project('web', 'one'));
      return source.reload();
    });
    await Promise.all(loads);
    expect(running.told()).toEqual(['project/web']);
    expect(source.keys()).toEqual(['agentclass/shell', 'project/web']);
    expect(source.problems()).toEqual([]);
  });

  it('[S33] takes two files of one name in different folders for two projects', async () => {
    world.write('a/spec.yaml', project('one', 'x'));
    world.write('b/spec.yaml', project('two', 'y'));
    const source = world.source();
    await source.reload();
    expect([wanted(source, 'one'), wanted(source, 'two')]).toEqual(['Present x?', 'Present y?']);
    expect(source.problems()).toEqual([]);
  });
});

describe('records', () => {
  it('are private, written on change only, and hold no status', async () => {
    world.write('web.yaml', `${project('web', 'one')}status: {x: 1}\n`);
    const source = world.source();
    await source.reload();
    const before = statSync(applied('project', 'web'), { bigint: true });
    expect(before.mode & 0o777n).toBe(0o600n);
    await world.clock.pass(250);
    await source.reload();
    expect(statSync(applied('project', 'web'), { bigint: true }).mtimeNs).toBe(before.mtimeNs);
    expect(JSON.parse(readFileSync(applied('project', 'web'), 'utf8'))).toMatchObject({
      source: 'web.yaml',
      hash: expect.any(String),
    });
    expect(readdirSync(join(world.root, 'state/applied/project'))).toEqual(['web.json']);
  });

  it('[S29] may be missing, corrupt or of another kind', async () => {
    world.write('web.yaml', project('web', 'one'));
    await world.source().reload();
    writeFileSync(applied('project', 'web'), '{"source": 1');
    writeFileSync(applied('project', 'api'), '{"source": "x", "hash": "y", "object": {"kind": "Project"}}');
    const failed: string[] = [];
    const source = world.source({ listener: { recordFailed: (path) => failed.push(path) } });
    await source.reload();
    expect(failed).toEqual([applied('project', 'api'), applied('project', 'web')]);
    expect(wanted(source, 'web')).toBe('Present one?');
    expect(JSON.parse(readFileSync(applied('project', 'web'), 'utf8')).source).toBe('web.yaml');
  });

  it('of many are left off once the controller ends, and its lock is soon another one’s', async () => {
    const source = world.source();
    const running = await start(source);
    for (let n = 0; n < 40; n += 1) world.write(`p${n}.yaml`, project(`p${n}`));
    const loading = source.reload();
    running.stop();
    await loading;
    expect(wanted(source, 'p39')).toMatch('Present');
    expect(readdirSync(join(world.root, 'state/applied/project')).length).toBeLessThan(20);
  });

  it('[S143] that cannot be written are reported and written later', async () => {
    world.write('web.yaml', project('web', 'one'));
    writeFileSync(join(world.root, 'state'), 'in the way');
    const failed: string[] = [];
    const source = world.source({ listener: { recordFailed: (path) => failed.push(path) } });
    await source.reload();
    expect(failed).toEqual([applied('project', 'web')]);
    expect(wanted(source, 'web')).toBe('Present one?');
    rmSync(join(world.root, 'state'));
    await source.reload();
    expect(existsSync(applied('project', 'web'))).toBe(true);
  });

  it('are not written for a verb that only reads', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source({ readOnly: true });
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present one?');
    expect(existsSync(join(world.root, 'state'))).toBe(false);
  });
});
