import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectDirectory, locateObject } from '../../../controller/store/specs/locate.ts';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { createWorld, project, type Started, start, type World } from './support.ts';

const isRoot = process.getuid?.() === 0;
let world: World;
const started: Started[] = [];
beforeEach(() => {
  world = createWorld();
});
afterEach(() => {
  for (const { stop } of started.splice(0)) stop();
  world.remove();
});

const projects = (source: SpecSource) => source.keys().filter((key) => key.startsWith('project/'));
const codes = (source: SpecSource) => source.problems().map(({ code }) => code);

async function running(): Promise<SpecSource> {
  const source = world.source();
  started.push(await start(source));
  await world.clock.pass(250);
  return source;
}

describe('the directory', () => {
  it('keeps everything while it is missing, also over a restart, and recovers by itself', async () => {
    world.write('web.yaml', project('web'));
    const source = await running();
    renameSync(world.specs, `${world.specs}.away`);
    await source.reload();
    await world.clock.pass(5000);
    const restarted = await running();
    for (const one of [source, restarted]) {
      expect(projects(one)).toEqual(['project/web']);
      expect(codes(one)).toEqual(['DirectoryMissing']);
      expect(one.desiredProject('other')).toEqual({ type: 'Absent', confirmed: false });
    }
    renameSync(`${world.specs}.away`, world.specs);
    await world.clock.pass(1000);
    for (const one of [source, restarted]) expect(codes(one)).toEqual([]);
  });

  it('is missing as well where a file has taken its place', async () => {
    world.write('web.yaml', project('web'));
    const source = world.source({ directory: join(world.specs, 'web.yaml') });
    await source.reload();
    expect(codes(source)).toEqual(['DirectoryMissing']);
  });

  it('takes nothing new while others can write it, and loses nothing', async () => {
    const path = world.write('web.yaml', project('web'));
    const source = await running();
    chmodSync(world.specs, 0o777);
    world.write('new.yaml', project('new'));
    rmSync(path);
    await source.reload();
    await world.clock.pass(2000);
    expect(projects(source)).toEqual(['project/web']);
    expect(source.problems()).toMatchObject([
      { code: 'UnsafePermissions', severity: 'Error', hint: `chmod o-w ${world.specs}` },
    ]);
  });

  it('is taken with a warning where that was allowed', async () => {
    chmodSync(world.specs, 0o777);
    chmodSync(world.write('web.yaml', project('web')), 0o666);
    const source = world.source({ allowInsecure: true });
    await source.reload();
    expect(projects(source)).toEqual(['project/web']);
    expect(source.problems().map(({ severity }) => severity)).toEqual(['Warning', 'Warning']);
  });
});

describe('a file', () => {
  it.each([
    ['that others can write', (path: string) => chmodSync(path, 0o646)],
    ['in a folder that others can write', (path: string) => chmodSync(join(path, '..'), 0o757)],
    ...(isRoot ? [['of another user', (path: string) => chownSync(path, 12345, 12345)] as const] : []),
  ] as const)('%s is not taken anew, and what came from it stays', async (_, spoil) => {
    const path = world.write('team/web.yaml', project('web', 'one'));
    world.write('ok.yaml', project('ok'));
    const source = await running();
    world.write('team/web.yaml', project('web', 'evil'));
    spoil(path);
    await source.reload();
    await world.clock.pass(1000);
    expect(source.desiredProject('web')).toMatchObject({
      type: 'Present',
      project: { agents: [{ argv: ['sh', '-c', 'one'] }] },
    });
    expect(codes(source)).toEqual(['UnsafePermissions']);
    expect(projects(source).sort()).toEqual(['project/ok', 'project/web']);
  });

  it('[S7] that is reached by several names counts once, and loops end', async () => {
    const path = world.write('real/web.yaml', project('web'));
    symlinkSync(path, join(world.specs, 'a.yaml'));
    symlinkSync('real/web.yaml', join(world.specs, 'b.yaml'));
    symlinkSync('real', join(world.specs, 'again'));
    symlinkSync('..', join(world.specs, 'real/up'));
    symlinkSync('self', join(world.specs, 'self'));
    linkSync(path, join(world.specs, 'hard.yaml'));
    for (const directory of [world.specs, `${world.specs}/`, `${world.specs}/real/..`]) {
      const source = world.source({ directory });
      await source.reload();
      expect(projects(source)).toEqual(['project/web']);
      expect(source.problems()).toEqual([]);
    }
  });

  it('is followed into a hidden folder of the directory, as Kubernetes mounts a ConfigMap', async () => {
    world.write('..2026/web.yaml', project('web'));
    symlinkSync('..2026', join(world.specs, '..data'));
    symlinkSync('..data/web.yaml', join(world.specs, 'web.yaml'));
    const source = world.source();
    await source.reload();
    expect(projects(source)).toEqual(['project/web']);
  });

  it('outside is not followed, whether a file or a folder', async () => {
    mkdirSync(join(world.root, 'outside'));
    world.write('../outside/web.yaml', project('web'));
    symlinkSync(join(world.root, 'outside/web.yaml'), join(world.specs, 'web.yaml'));
    symlinkSync('../outside', join(world.specs, 'folder'));
    // A neighbour whose name begins like the directory's.
    mkdirSync(`${world.specs}-not`);
    symlinkSync(`${world.specs}-not`, join(world.specs, 'neighbour'));
    const source = world.source();
    await source.reload();
    expect(projects(source)).toEqual([]);
    expect(codes(source)).toEqual(['SymlinkOutside', 'SymlinkOutside', 'SymlinkOutside']);
  });

  it('that is a FIFO, a socket, a dangling link or a device is never opened', async () => {
    world.write('web.yaml', project('web'));
    const source = await running();
    rmSync(join(world.specs, 'web.yaml'));
    execFileSync('mkfifo', [join(world.specs, 'web.yaml')]);
    symlinkSync('nowhere', join(world.specs, 'dangling.yaml'));
    const server = createServer().listen(join(world.specs, 'socket.yaml'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      await source.reload();
      await world.clock.pass(1000);
      expect(codes(source)).toEqual(['FileUnreadable', 'FileUnreadable', 'FileUnreadable']);
      expect(projects(source)).toEqual(['project/web']);
    } finally {
      server.close();
    }
  });
});

describe('inspectDirectory', () => {
  it('says what stands where, valid or not, and what is wrong', () => {
    world.write('a.yaml', `# head\n${project('web')}---\n${project('api').replace('agents', 'agent')}`);
    world.write('b.yaml', project('web'));
    const { objects, problems } = inspectDirectory(world.specs);
    expect(
      objects.map(({ name, line, documentIndex, object }) => [name, line, documentIndex, object !== undefined]),
    ).toEqual([
      ['web', 2, 0, true],
      ['api', 10, 1, false],
      ['web', 1, 0, true],
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['InvalidField', 'InvalidField', 'DuplicateObject']);
    expect(locateObject(world.specs, 'Project', 'web').map(({ file }) => file)).toEqual([
      `${world.specs}/a.yaml`,
      `${world.specs}/b.yaml`,
    ]);
  });
});
