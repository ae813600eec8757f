import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesiredProject } from '../../../controller/api/desired.ts';
import type { SpecSource as RuntimePort } from '../../../controller/runtime/ports.ts';
import { byPlace } from '../../../controller/store/specs/problem-order.ts';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { agentClass, createWorld, project, role, type Started, start, type World } from './support.ts';

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

/** `Present(command, confirmed)`, or the type and whether it is confirmed. */
function wanted(source: SpecSource, name: string): string {
  const desired = source.desiredProject(name);
  switch (desired.type) {
    case 'Present':
      return `Present ${desired.project.agents[0]?.argv.at(-1)}${desired.confirmed ? '' : '?'}`;
    case 'Rejected':
      return `Rejected ${desired.reason}`;
    case 'Absent':
      return `Absent${desired.confirmed ? '' : '?'}`;
  }
}

function codes(source: SpecSource): string[] {
  return source.problems().map(({ code }) => code);
}

function agentsOf(source: SpecSource) {
  const desired = source.desiredProject('web');
  return desired.type === 'Present' ? desired.project.agents : [];
}

const briefings = (source: SpecSource) => agentsOf(source).map(({ briefing }) => briefing);
const hashes = (source: SpecSource) => agentsOf(source).map(({ launchHash }) => launchHash);

const applied = (kind: string, name: string) => join(world.root, 'state/applied', kind, `${name}.json`);

describe('what is wanted', () => {
  it('is what the runtime asks for', () => {
    const port: RuntimePort = world.source();
    expect(port.keys()).toEqual([]);
    expect(port.desiredProject('web')).toEqual({ type: 'Absent', confirmed: false });
  });

  it('fills in defaults, resolves classes and starts paths at the file', async () => {
    world.write('team/web.yaml', project('web').replace('name: dev', 'name: dev\n      workingDir: src'));
    const source = world.source();
    await source.reload();
    const desired = source.desiredProject('web') as { project: DesiredProject };
    expect(desired.project.agents[0]).toMatchObject({
      class: 'shell',
      workingDir: join(world.specs, 'team/src'),
      restartPolicy: 'Always',
    });
    expect(source.keys()).toEqual(['agentclass/shell', 'project/web']);
    expect(source.project('web')?.metadata.name).toBe('web');
    expect(source.agentClass('shell')?.spec.terminationGracePeriodSeconds).toBe(10);
    expect(source.desiredProject('web')).toBe(desired);
  });

  it('reads folders in folders and passes over hidden names and temporaries', async () => {
    for (const name of [
      'a.yml',
      'b/c/d.json',
      '.hidden.yaml',
      '.git/x.yaml',
      'x.yaml~',
      '.#y.yaml',
      '.z.yaml.swp',
      '4913',
      'note.txt',
    ]) {
      world.write(name, project(`p${Math.abs(hash(name))}`));
    }
    const source = world.source();
    await source.reload();
    expect(source.keys().filter((key) => key.startsWith('project/'))).toHaveLength(2);
    expect(source.problems()).toEqual([]);
  });

  it('lets a class in specs/ win over the preset, and tells the projects that use it', async () => {
    world.write('web.yaml', project('web').replace(/ {6}command: .*\n/, ''));
    const source = world.source();
    const running = await run(source);
    expect(running.told()).toEqual(['agentclass/shell', 'project/web']);
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Rejected NoCommand');
    running.told();
    world.write('shell.yaml', agentClass('shell', 'mine'));
    await source.reload();
    expect(running.told()).toEqual(['agentclass/shell', 'project/web']);
    expect(wanted(source, 'web')).toBe('Present mine?');
    expect(source.problems()).toEqual([]);
    await world.clock.pass(250);
    expect(running.told()).toEqual(['agentclass/shell', 'project/web']);
    expect(wanted(source, 'web')).toBe('Present mine');
    rmSync(join(world.specs, 'shell.yaml'));
    await source.reload();
    expect(wanted(source, 'web')).toBe('Rejected NoCommand');
  });

  it('tells the projects that use a role, and what their agents are to be told', async () => {
    const agents = '[{name: lead, role: boss}, {name: dev, role: devs, briefing: own}, {name: log}]';
    const spec = `{repo: ../src, goalFile: goal.md, agents: ${agents}}`;
    world.write('web.yaml', `{apiVersion: muxlet.dev/v1alpha1, kind: Project, metadata: {name: web}, spec: ${spec}}`);
    world.write('shell.yaml', agentClass('shell', 'mine'));
    world.write('roles.yaml', `${role('boss', 'Lead.', true)}---\n${role('dev', 'Build.')}`);
    const source = world.source();
    const running = await run(source);
    running.told();
    const team = [
      { name: 'lead', role: 'boss', class: 'shell' },
      { name: 'dev', role: 'devs', class: 'shell' },
      { name: 'log', class: 'shell' },
    ];
    const shared = { team, hub: 'lead', repo: join(world.root, 'src'), goal: { file: join(world.specs, 'goal.md') } };
    const at = join(world.specs, 'roles.yaml');
    const unknown = { type: 'Unknown', name: 'devs', nearest: 'dev', known: ['boss', 'dev'] };
    expect(briefings(source)).toEqual([
      { ...shared, role: { type: 'Known', name: 'boss', source: at, first: 'Lead.' } },
      { ...shared, role: unknown, text: 'own' },
      undefined,
    ]);
    const before = hashes(source);
    world.write('roles.yaml', `${role('boss', 'Lead.', true)}---\n${role('devs', 'Build.')}`);
    await source.reload();
    expect(running.told()).toEqual(['agentrole/dev', 'agentrole/devs', 'project/web']);
    expect(briefings(source)[1]?.role).toEqual({ type: 'Known', name: 'devs', source: at, first: 'Build.' });
    world.write('roles.yaml', `${role('boss', 'Lead.')}---\n${role('devs', 'Build.')}`);
    await source.reload();
    expect(briefings(source)[1]?.hub).toBeUndefined();
    expect(hashes(source)).toEqual(before);
  });

  it('gives problems in a stable order', async () => {
    world.write('b.yaml', 'a: [');
    world.write('a.yaml', project('web').replace('name: dev', 'name: De v').replace('web', 'We b'));
    const source = world.source();
    await source.reload();
    const problems = source.problems();
    expect(problems.map(({ file }) => file.slice(-6))).toEqual(['a.yaml', 'a.yaml', 'b.yaml']);
    expect([...problems].reverse().sort(byPlace)).toEqual(problems);
  });
});

describe('two looks', () => {
  it('confirms what is new 250 ms later, by itself, and tells it again', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    const running = await run(source);
    expect(running.told()).toContain('project/web');
    expect(wanted(source, 'web')).toBe('Present one?');
    await world.clock.pass(249);
    expect(wanted(source, 'web')).toBe('Present one?');
    await world.clock.pass(1);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(running.told()).toEqual(['project/web']);
    await world.clock.pass(60_000);
    expect(running.told()).toEqual([]);
  });

  it('confirms a removal only then, and only then forgets the last good version', async () => {
    const path = world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    const running = await run(source);
    await world.clock.pass(250);
    running.told();
    rmSync(path);
    await source.reload();
    expect(wanted(source, 'web')).toBe('Absent?');
    expect(running.told()).toEqual(['project/web']);
    expect(existsSync(applied('project', 'web'))).toBe(true);
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Absent');
    expect(running.told()).toEqual(['project/web']);
    expect(existsSync(applied('project', 'web'))).toBe(false);
  });

  it('never confirms a version that was there for a moment, and falls back on the one before', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    await run(source);
    await world.clock.pass(250);
    world.write('web.yaml', project('web', 'half'));
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present half?');
    world.write('web.yaml', 'broken: [');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Present one?');
    expect(JSON.parse(readFileSync(applied('project', 'web'), 'utf8')).object.spec.agents[0].command[2]).toBe('one');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Present one');
  });

  it('sees a file that is renamed as the same object', async () => {
    const path = world.write('a.yaml', project('web', 'one'));
    const source = world.source();
    const running = await run(source);
    await world.clock.pass(250);
    running.told();
    rmSync(path);
    world.write('b.yaml', project('web', 'one'));
    await source.reload();
    expect(running.told()).toEqual([]);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(JSON.parse(readFileSync(applied('project', 'web'), 'utf8')).source).toBe('b.yaml');
  });

  it('takes an emptied file for a half-written one for 2 s, then for a removal', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    await run(source);
    await world.clock.pass(250);
    world.write('web.yaml', ' \n');
    await source.reload();
    await world.clock.pass(1999);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(codes(source)).toEqual([]);
    await world.clock.pass(1);
    expect(wanted(source, 'web')).toBe('Absent?');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Absent');
  });

  it('does not call an unknown object gone while a file may hold it', async () => {
    world.write('x.yaml', 'a: [');
    const source = world.source();
    await run(source);
    await world.clock.pass(1000);
    expect(wanted(source, 'web')).toBe('Absent?');
    world.write('x.yaml', project('web').replace('agents', 'agent'));
    await source.reload();
    await world.clock.pass(1000);
    expect([wanted(source, 'web'), wanted(source, 'other')]).toEqual(['Absent?', 'Absent']);
    world.write('x.yaml', project('x'));
    await source.reload();
    await world.clock.pass(1000);
    expect([wanted(source, 'web'), wanted(source, 'x')]).toEqual(['Absent', 'Present sleep infinity']);
  });

  it('never confirms the removal of an object on the way from one content to another', async () => {
    const whole = `${project('web', 'one')}---\n${project('api', 'two')}`;
    const cut = fc.oneof(
      fc.nat(whole.length).map((end) => whole.slice(0, end)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 5 }), async (steps) => {
        rmSync(join(world.root, 'state'), { recursive: true, force: true });
        world.write('web.yaml', whole);
        const source = world.source();
        const running = await start(source);
        await world.clock.pass(250);
        for (const text of steps) {
          world.write('web.yaml', text);
          await source.reload();
          for (const name of ['web', 'api']) expect(wanted(source, name)).not.toBe('Absent');
          await world.clock.pass(100);
        }
        world.write('web.yaml', whole);
        await source.reload();
        await world.clock.pass(250);
        expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual(['Present one', 'Present two']);
        running.stop();
      }),
      { numRuns: 40 },
    );
  });
});

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

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) | 0, 7);
}
