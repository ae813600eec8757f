import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layoutOfSource } from '../../../controller/store/sources/layout.ts';
import { leaveSource, setPrune } from '../../../controller/store/sources/leave-source.ts';
import { createRevisionReader, type RevisionReader } from '../../../controller/store/sources/revision-reader.ts';
import { readCurrent, readKept, writeAttempt } from '../../../controller/store/sources/source-files.ts';
import { takeRevision } from '../../../controller/store/sources/take-revision.ts';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { codes, createWorld, project, type Started, start, type World, wanted } from '../specs/support.ts';
import { gitSource, take } from './support.ts';

let world: World;
let state: string;
let reader: RevisionReader;
let source: SpecSource;
let running: Started;

beforeEach(() => {
  world = createWorld();
  state = join(world.root, 'state');
  reader = createRevisionReader();
});
afterEach(() => {
  running?.stop();
  world.remove();
});

async function begin(): Promise<void> {
  source = world.source({ revisions: reader });
  running = await start(source);
  await confirm();
}

/** Two looks that agree. */
async function confirm(): Promise<void> {
  await world.clock.pass(300);
  await source.reload();
  await world.clock.pass(300);
  await source.reload();
}

const put = (files: Record<string, string>, prune = true) => take('team', files, { state, reader, prune });

describe('a revision in force', () => {
  beforeEach(async () => {
    world.write('team.yaml', gitSource('team'));
    await put({ 'a/web.yaml': project('web', 'one'), 'api.yaml': project('api') });
    await begin();
  });

  it('is wanted together with specs/', () => {
    expect(
      source
        .keys()
        .filter((key) => key.startsWith('project/'))
        .sort(),
    ).toEqual(['project/api', 'project/web']);
    expect([wanted(source, 'web'), source.problems()]).toEqual(['Present one', []]);
    expect(source.folderOf('project/web')).toBe(join(state, 'sources/team/tree/a'));
  });

  it('changes nothing of an object whose file the next one leaves alone', async () => {
    running.told();
    const before = source.desiredProject('api');
    await put({ 'a/web.yaml': project('web', 'two'), 'api.yaml': project('api'), 'goal.md': 'x' });
    await confirm();
    expect(new Set(running.told())).toEqual(new Set(['project/web']));
    expect(source.desiredProject('api')).toEqual(before);
    expect(wanted(source, 'web')).toBe('Present two');
  });

  it('stays as a whole when the next one is broken anywhere, and the place is named', async () => {
    const outcome = await put({ 'a/web.yaml': project('web', 'two'), 'bad.yaml': 'kind: Project\n  x: [\n' });
    expect(outcome).toMatchObject({ type: 'Refused', reason: 'RevisionInvalid' });
    if (outcome.type !== 'Refused') return;
    const { revision = '', reason, message, problems } = outcome;
    const place = `gitsource/team@${revision.slice('main@sha1:'.length, 17)}:bad.yaml`;
    expect(problems[0]).toMatchObject({ file: place, line: 1 });
    writeAttempt(state, 'team', { reason, message, problems, revision });
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual(['Present one', 'Present sleep infinity']);
    expect(source.problems()[0]).toMatchObject({ code: 'ParseError', file: place });
    await put({ 'a/web.yaml': project('web', 'three') });
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'api'), source.problems()]).toEqual(['Present three', 'Absent', []]);
  });

  it('is shown without what the names of its files would do to a terminal', async () => {
    const outcome = await put({ 'a\n\u001b[2J.yaml': 'kind: [' });
    expect(outcome).toMatchObject({
      type: 'Refused',
      problems: [{ file: expect.stringMatching(/:a\?\?\[2J\.yaml$/) }],
    });
  });

  it('gives way to nobody: what stands in specs/ as well is a problem that names both', async () => {
    world.write('web.yaml', project('web', 'mine'));
    await confirm();
    expect([wanted(source, 'web'), codes(source)]).toEqual(['Present one', ['DuplicateObject']]);
    const { message } = source.problems()[0] ?? {};
    expect(message).toMatch(/gitsource\/team@[0-9a-f]{7}:a\/web\.yaml:1/);
    expect(message).toContain(join(world.specs, 'web.yaml'));
  });

  it('ends with its GitSource, which two looks must agree to be gone', async () => {
    rmSync(join(world.specs, 'team.yaml'));
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present one');
    await confirm();
    await confirm();
    expect(wanted(source, 'web')).toBe('Absent');
    await leaveSource(state, 'team', reader);
    expect(readdirSync(join(state, 'sources'))).toEqual([]);
  });

  it('stays while the file of its GitSource is broken', async () => {
    world.write('team.yaml', 'kind: [');
    await confirm();
    await confirm();
    expect(wanted(source, 'web')).toBe('Present one');
  });

  it('stays when its files are taken away or spoilt, until they are fetched again', async () => {
    writeFileSync(layoutOfSource(state, 'team').current, '{"version":1,');
    await confirm();
    expect([wanted(source, 'web'), codes(source)]).toEqual(['Present one', ['SourceNotLoaded']]);
    rmSync(state, { recursive: true });
    await confirm();
    expect(wanted(source, 'web')).toBe('Present one');
    await put({ 'a/web.yaml': project('web', 'one') });
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual(['Present one', 'Absent']);
  });

  it('stays where a power failure has left its files empty, and they are written anew', async () => {
    const files = { 'a/web.yaml': project('web', 'one'), 'api.yaml': project('api') };
    const { revisions } = layoutOfSource(state, 'team');
    running.stop();
    const spoil = () => {
      for (const folder of readdirSync(revisions)) writeFileSync(join(revisions, folder, 'a/web.yaml'), '');
      reader = createRevisionReader();
    };
    spoil();
    await begin();
    expect([wanted(source, 'web'), codes(source)]).toEqual(['Present one', ['SourceNotLoaded']]);
    const outcome = await takeRevision(state, reader, {
      name: 'team',
      exported: readCurrent(state, 'team') ?? expect.fail(),
      prune: true,
      now: 0,
    });
    expect([outcome.type, readdirSync(revisions)]).toEqual(['Failed', []]);
    await put(files);
    await confirm();
    expect([wanted(source, 'web'), codes(source)]).toEqual(['Present one', []]);
  });

  it('is in force before a look that failed on a full disk, and after it', async () => {
    const { current } = layoutOfSource(state, 'team');
    rmSync(current);
    mkdirSync(join(current, 'x'), { recursive: true });
    await expect(put({ 'a/web.yaml': project('web', 'two') })).rejects.toThrow();
    await confirm();
    expect(wanted(source, 'web')).toBe('Present one');
  });
});

describe('a source of which nothing is in force', () => {
  it('may hold what was never seen: nothing is known to be gone', async () => {
    world.write('team.yaml', gitSource('team'));
    await begin();
    expect([wanted(source, 'web'), codes(source)]).toEqual(['Absent?', ['SourceNotLoaded']]);
    await put({ 'web.yaml': project('web') });
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'other')]).toEqual(['Present sleep infinity', 'Absent']);
  });

  it('tells each wrong place of its commit once', async () => {
    world.write('team.yaml', gitSource('team'));
    const outcome = await put({ 'bad.yaml': project('Bad_Name') });
    if (outcome.type !== 'Refused') return expect.fail();
    writeAttempt(state, 'team', outcome);
    await begin();
    const words = outcome.problems[0]?.message ?? '';
    expect(source.problems().filter(({ message }) => message.includes(words))).toHaveLength(1);
    expect(source.problems().find(({ code }) => code === 'SourceNotLoaded')?.message).toMatch(
      / is refused for a problem /,
    );
  });

  it('keeps back what vanishes from specs/, until something of it is in force', async () => {
    world.write('web.yaml', project('web'));
    await begin();
    world.write('team.yaml', gitSource('team'));
    rmSync(join(world.specs, 'web.yaml'));
    await confirm();
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
    await put({ 'web.yaml': project('web') });
    await confirm();
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
  });

  it('keeps it back for a minute, also if a look has failed, and no longer', async () => {
    world.write('web.yaml', project('web'));
    await begin();
    world.write('team.yaml', gitSource('team'));
    rmSync(join(world.specs, 'web.yaml'));
    await confirm();
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
    writeAttempt(state, 'team', { reason: 'FetchFailed', message: 'x', problems: [] });
    await confirm();
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
    await world.clock.pass(61_000);
    await confirm();
    expect(wanted(source, 'web')).toBe('Absent');
  });
});

describe('without prune', () => {
  beforeEach(async () => {
    world.write('team.yaml', gitSource('team'));
    await put({ 'web.yaml': project('web'), 'api.yaml': project('api') }, false);
    await put({ 'api.yaml': project('api') }, false);
    await begin();
  });

  it('what is gone stays as it was', () => {
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
    expect(readKept(state, 'team').objects.map(({ path }) => path)).toEqual(['web.yaml']);
  });

  it('also where its record or their folder cannot be read', async () => {
    const { kept } = layoutOfSource(state, 'team');
    const path = join(kept, 'project-web.json');
    writeFileSync(path, '{"version":1,');
    await confirm();
    expect([wanted(source, 'web'), source.problems()[0]?.message]).toEqual([
      'Present sleep infinity',
      expect.stringContaining(path),
    ]);
    rmSync(join(world.specs, 'team.yaml'));
    await confirm();
    await leaveSource(state, 'team', reader);
    await confirm();
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
    rmSync(kept, { recursive: true });
    writeFileSync(kept, '');
    await confirm();
    expect(wanted(source, 'web')).toBe('Present sleep infinity');
    rmSync(kept);
    await confirm();
    expect(wanted(source, 'web')).toBe('Absent');
  });

  it('until it is declared again, by whomever', async () => {
    world.write('web.yaml', project('web', 'mine'));
    await confirm();
    expect([wanted(source, 'web'), source.problems()]).toEqual(['Present mine', []]);
    rmSync(join(world.specs, 'web.yaml'));
    await put({ 'web.yaml': project('web', 'back'), 'api.yaml': project('api') }, false);
    await confirm();
    expect([wanted(source, 'web'), readKept(state, 'team').objects]).toEqual(['Present back', []]);
  });

  it('until prune is turned on', async () => {
    const current = readCurrent(state, 'team');
    if (current !== undefined) expect(setPrune(state, 'team', { current, prune: true })).toBe(true);
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual(['Absent', 'Present sleep infinity']);
  });

  it('all stays when the source goes, and what it was fetched with does not', async () => {
    rmSync(join(world.specs, 'team.yaml'));
    await confirm();
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual([
      'Present sleep infinity',
      'Present sleep infinity',
    ]);
    for (const _again of [1, 2]) await leaveSource(state, 'team', reader);
    await confirm();
    expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual([
      'Present sleep infinity',
      'Present sleep infinity',
    ]);
    expect(readdirSync(join(state, 'sources/team'))).toEqual(['kept']);
  });
});

describe('a file of a source may not hold', () => {
  it.each([
    ['a GitSource', gitSource('other'), 'InvalidDocument'],
    ['a folder to work in that the next commit replaces', `${project('web')}  workingDir: src\n`, 'InvalidField'],
    ['a repository there', `${project('web')}  repo: ./x\n`, 'InvalidField'],
    ['what stands in another file of it', project('api'), 'DuplicateObject'],
  ])('%s', async (_what, text, code) => {
    const outcome = await put({ 'x.yaml': text, 'y.yaml': project('api') });
    expect(outcome).toMatchObject({ type: 'Refused', problems: [{ code }] });
    expect(readCurrent(state, 'team')).toBeUndefined();
  });

  it('nothing that would be wrong elsewhere is wrong here', async () => {
    const text = `${project('web')}  workingDir: ~/src\n  repo: git@example.com:x.git\n  goalFile: goal.md\n`;
    expect(await put({ 'x.yaml': text, 'goal.md': 'g' })).toMatchObject({ type: 'Taken', news: '1 object: 1 new' });
  });
});
