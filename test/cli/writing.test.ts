import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { MuxletError } from '../../controller/api/errors.ts';
import { bench, fingerprint, specText, statusOf, storedText } from './harness.ts';

const RUNNING = { find: async () => ({ pid: 7 }), stop: async () => undefined };

describe('apply', () => {
  test('writes a new object into a file of its own, and then finds it unchanged', async () => {
    const it = await bench();
    await it.write('in/web.yaml', specText('web'));
    expect(await it.run('apply', '-f', 'in/web.yaml')).toMatchObject({ code: 0, out: 'project/web created\n' });
    expect(parse(await it.read('specs/web.yaml'))).toMatchObject({ kind: 'Project', metadata: { name: 'web' } });
    expect((await it.run('apply', '-f', join(it.root, 'in/../in/web.yaml'))).out).toBe('project/web unchanged\n');
    expect(await readdir(join(it.root, 'specs'))).toEqual(['web.yaml']);
  });

  test('takes standard input, and several documents', async () => {
    const agentClass =
      'apiVersion: muxlet.dev/v1alpha1\nkind: AgentClass\nmetadata: {name: nap}\nspec: {command: [sleep, "9"]}\n';
    const it = await bench({ input: `${specText('web')}---\n${agentClass}` });
    expect((await it.run('apply', '-f', '-')).out).toBe('project/web created\nagentclass/nap created\n');
    expect((await readdir(join(it.root, 'specs'))).sort()).toEqual(['agentclass-nap.yaml', 'web.yaml']);
  });

  test('replaces an object where it stands and keeps the comments', async () => {
    const it = await bench();
    await it.write('specs/team/all.yaml', `${specText('api')}---\n${specText('web')}`);
    await it.write('in/web.yaml', specText('web', { labels: { team: 'b' } }));
    expect((await it.run('apply', '-f', 'in')).out).toBe('project/web configured\n');
    const text = await it.read('specs/team/all.yaml');
    expect(text.match(/# never ends/g)).toHaveLength(2);
    expect(text).toContain('# the web team');
    expect(text).toContain('team: ');
    expect(existsSync(join(it.root, 'specs/web.yaml'))).toBe(false);
  });

  test('leaves a file that lies in the specs already', async () => {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web'));
    const before = await fingerprint(join(it.root, 'specs'));
    expect((await it.run('apply', '-f', 'specs/')).out).toBe('project/web unchanged\n');
    expect(await fingerprint(join(it.root, 'specs'))).toBe(before);
  });

  test('[S7] knows a spec by every path that leads to it', async () => {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web'));
    await symlink(join(it.root, 'specs/web.yaml'), join(it.root, 'link.yaml'));
    for (const path of [
      'specs/web.yaml',
      './specs//web.yaml',
      join(it.root, 'specs/web.yaml'),
      'link.yaml',
      'specs/',
    ]) {
      expect((await it.run('apply', '-f', path)).out).toBe('project/web unchanged\n');
    }
    expect(await readdir(join(it.root, 'specs'))).toEqual(['web.yaml']);
  });

  test('makes relative paths mean in the specs what they meant in the file', async () => {
    const it = await bench();
    await it.write('src/web.yaml', specText('web').replace('spec:\n', 'spec:\n  workingDir: ./code\n'));
    await it.run('apply', '-f', 'src/web.yaml');
    expect(parse(await it.read('specs/web.yaml')).spec.workingDir).toBe(join(it.root, 'src/code'));
    expect((await it.run('apply', '-f', 'src/web.yaml')).out).toBe('project/web unchanged\n');
  });

  test('[S5] [S28] changes nothing if anything is wrong, and names every place', async () => {
    const it = await bench();
    await it.write('in/a.yaml', specText('a'));
    await it.write('in/b.yaml', specText('b').replace('name: dev', 'nmae: dev'));
    await it.write('in/c.yaml', 'kind: [');
    const { code, err } = await it.run('apply', '-f', 'in');
    expect(code).toBe(1);
    expect(err).toMatch(/in\/b\.yaml:\d+:\d+: spec\.agents\[0\]/);
    expect(err).toMatch(/in\/c\.yaml:1:\d+: /);
    expect(await readdir(join(it.root, 'specs'))).toEqual([]);
  });

  test('refuses the same object twice', async () => {
    const it = await bench();
    await it.write('in/a.yaml', specText('web'));
    await it.write('in/b.yaml', specText('web', { labels: { a: 'b' } }));
    expect(await it.run('apply', '-f', 'in')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/stands at in\/a\.yaml:/),
    });
  });

  test('only says what it would do with --dry-run, and takes no lock', async () => {
    const it = await bench({ locks: { withLock: () => Promise.reject(new Error('locked')) } });
    await it.write('in/web.yaml', specText('web'));
    expect((await it.run('apply', '-f', 'in', '--dry-run')).out).toBe('project/web created (dry run)\n');
    expect(await readdir(join(it.root, 'specs'))).toEqual([]);
  });

  test('[S8] [S139] gives up with a clear error if the lock cannot be had', async () => {
    const asked: (string | number)[] = [];
    const it = await bench({
      locks: {
        withLock: (path, timeoutMs) => {
          asked.push(path, timeoutMs);
          return Promise.reject(new MuxletError('MUX_LOCK_TIMEOUT', 'another muxlet changes the specs'));
        },
      },
    });
    await it.write('in/web.yaml', specText('web'));
    expect(await it.run('apply', '-f', 'in')).toMatchObject({
      code: 1,
      err: 'error: another muxlet changes the specs\n',
    });
    expect(asked).toEqual([join(it.root, 'state/locks/specs.lock'), 30_000]);
  });

  test('[S8] two that apply the same new object at once agree on one', async () => {
    let tail: Promise<unknown> = Promise.resolve();
    const withLock = <T>(_path: string, _timeoutMs: number, run: () => Promise<T>): Promise<T> => {
      const turn = tail.then(run);
      tail = turn.catch(() => undefined);
      return turn;
    };
    const it = await bench({ locks: { withLock } });
    await it.write('in/web.yaml', specText('web'));
    const [first, second] = await Promise.all([it.run('apply', '-f', 'in'), it.run('apply', '-f', 'in')]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(await readdir(join(it.root, 'specs'))).toEqual(['web.yaml']);
  });

  test('refuses to touch a file that is broken elsewhere', async () => {
    const it = await bench();
    await it.write('specs/all.yaml', `${specText('web')}---\nkind: Project\n`);
    await it.write('in/web.yaml', specText('web', { labels: { a: 'b' } }));
    const before = await it.read('specs/all.yaml');
    expect(await it.run('apply', '-f', 'in')).toMatchObject({ code: 1, err: expect.stringContaining('all.yaml') });
    expect(await it.read('specs/all.yaml')).toBe(before);
  });

  test('waits until what it wrote is ready', async () => {
    const it = await bench({ controller: RUNNING });
    await it.write('in/web.yaml', specText('web'));
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    expect((await it.run('apply', '-f', 'in', '--wait')).code).toBe(0);
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'], { conditions: [] })));
    expect(await it.run('apply', '-f', 'in', '--wait', '--timeout', '50ms')).toMatchObject({
      code: 1,
      err: expect.stringContaining('timed out waiting for the condition on project/web'),
    });
  });
});

describe('delete', () => {
  test('takes the document out of its file, and the file with the last one', async () => {
    const it = await bench();
    await it.write('specs/all.yaml', `${specText('api')}---\n${specText('web')}`);
    expect(await it.run('delete', 'project', 'web')).toMatchObject({ code: 0, out: 'project/web deleted\n' });
    expect(await it.read('specs/all.yaml')).toContain('# the api team');
    expect((await it.run('delete', 'project/api')).out).toBe('project/api deleted\n');
    expect(await readdir(join(it.root, 'specs'))).toEqual([]);
  });

  test('fails for what is not there, unless that is said to be well', async () => {
    const it = await bench();
    expect(await it.run('delete', 'project', 'web')).toMatchObject({
      code: 1,
      err: expect.stringContaining('(NotFound)'),
    });
    expect((await it.run('delete', 'project', 'web', '--ignore-not-found')).code).toBe(0);
    expect((await it.run('delete', 'projects')).code).toBe(2);
  });

  test('selects by labels, by file, or all', async () => {
    const it = await bench();
    for (const name of ['a', 'b', 'c']) await it.write(`specs/${name}.yaml`, specText(name, { labels: { name } }));
    expect((await it.run('delete', 'projects', '-l', 'name in (a)')).out).toBe('project/a deleted\n');
    expect((await it.run('delete', '-f', 'specs/b.yaml', '-o', 'name')).out).toBe('project/b\n');
    expect((await it.run('delete', 'projects', '--all', '--dry-run')).out).toBe('project/c deleted (dry run)\n');
    expect((await it.run('delete', 'projects', '--all')).out).toBe('project/c deleted\n');
  });

  test('waits until nothing is left while a controller runs, and only then', async () => {
    const it = await bench({ controller: RUNNING });
    await it.write('specs/web.yaml', specText('web'));
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    expect(await it.run('delete', 'project', 'web', '--timeout', '50ms')).toMatchObject({ code: 1 });
    await it.write('specs/web.yaml', specText('web'));
    expect((await it.run('delete', 'project', 'web', '--wait=false')).code).toBe(0);
  });

  test('[S139] waits no more once somebody has declared it anew', async () => {
    const it = await bench({ controller: RUNNING });
    await it.write('specs/web.yaml', specText('web'));
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    const deleted = it.run('delete', 'project', 'web', '--timeout', '20s');
    await expect.poll(() => existsSync(join(it.root, 'specs/web.yaml'))).toBe(false);
    await it.write('specs/web.yaml', specText('web'));
    expect(await deleted).toMatchObject({ code: 0 });
  });

  test('refuses what is the controller’s', async () => {
    const it = await bench();
    expect((await it.run('delete', 'agent', 'web.dev')).code).toBe(2);
  });
});

describe('create', () => {
  test('writes a project out of flags, and refuses a second', async () => {
    const it = await bench();
    await mkdir(join(it.root, 'code'));
    const args = [
      'create',
      'project',
      'web',
      '--agent',
      'dev',
      '--working-dir',
      'code',
      '--',
      'sh',
      '-c',
      'exec sleep 1',
    ];
    expect(await it.run(...args)).toMatchObject({ code: 0, out: 'project/web created\n' });
    expect(parse(await it.read('specs/web.yaml')).spec).toEqual({
      workingDir: join(it.root, 'code'),
      agents: [{ name: 'dev', command: ['sh', '-c', 'exec sleep 1'] }],
    });
    expect(await it.run(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining('error: projects "web" already exists'),
    });
  });

  test('writes an AgentClass', async () => {
    const it = await bench();
    await it.run('create', 'agentclass', 'nap', '--', 'sleep', '-x');
    expect(parse(await it.read('specs/agentclass-nap.yaml')).spec).toEqual({ command: ['sleep', '-x'] });
  });

  test('validates what the flags say', async () => {
    const it = await bench();
    expect((await it.run('create', 'project', 'No_Good', '--', 'x')).code).toBe(1);
    expect(await readdir(join(it.root, 'specs'))).toEqual([]);
  });
});

describe('label and annotate', () => {
  test('set, change with --overwrite, and remove, keeping comments', async () => {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web'));
    expect((await it.run('label', 'project', 'web', 'team=a', 'tier=x')).out).toBe('project/web labeled\n');
    expect((await it.run('label', 'project', 'web', 'team=a')).out).toBe('project/web unchanged\n');
    expect(await it.run('label', 'project', 'web', 'team=b')).toMatchObject({
      code: 1,
      err: expect.stringContaining("'team' already has a value (a)"),
    });
    expect((await it.run('label', 'project/web', 'team=b', 'tier-', '--overwrite')).code).toBe(0);
    expect((await it.run('annotate', 'projects', '--all', 'note=hello world')).out).toBe('project/web annotated\n');
    const text = await it.read('specs/web.yaml');
    expect(parse(text).metadata).toEqual({ name: 'web', labels: { team: 'b' }, annotations: { note: 'hello world' } });
    expect(text).toContain('# never ends');
  });

  test('refuse a label that is none, and change nothing', async () => {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web'));
    const before = await it.read('specs/web.yaml');
    expect((await it.run('label', 'project', 'web', 'team=not valid!')).code).toBe(1);
    expect(await it.read('specs/web.yaml')).toBe(before);
  });
});

describe('edit', () => {
  async function editing(change: (text: string) => string) {
    const seen: string[] = [];
    const copies = await mkdtemp(join(tmpdir(), 'muxlet-copies-'));
    onTestFinished(() => rm(copies, { recursive: true }));
    const it = await bench({
      env: { EDITOR: 'my-editor --wait', TMPDIR: copies },
      programs: {
        run: async () => ({ ok: false, stdout: '', stderr: '' }),
        runInTerminal: async (argv) => {
          const [, , file = ''] = argv;
          const text = await readFile(file, 'utf8');
          seen.push(text);
          await writeFile(file, change(text));
          return 0;
        },
      },
    });
    await it.write('specs/all.yaml', `${specText('api')}---\n${specText('web')}---\n${specText('zoo')}`);
    return { ...it, seen };
  }

  test('shows the one document and writes it back with its layout', async () => {
    const it = await editing((text) => text.replace('sleep, infinity', 'sleep,   "9"'));
    expect(await it.run('edit', 'project', 'web')).toMatchObject({ code: 0, out: 'project/web edited\n' });
    expect(it.seen[0]).toContain('# the web team');
    expect(it.seen[0]).not.toContain('api team');
    expect(await it.read('specs/all.yaml')).toBe(
      `${specText('api')}---\n${specText('web').replace('sleep, infinity', 'sleep,   "9"')}---\n${specText('zoo')}`,
    );
  });

  test('changes nothing if nothing was changed, or all was taken out', async () => {
    for (const change of [(text: string) => text, () => '']) {
      const it = await editing(change);
      expect(await it.run('edit', 'project', 'web')).toMatchObject({
        code: 0,
        err: 'Edit cancelled, no changes made.\n',
      });
    }
  });

  test('is an error without a terminal if it is not valid', async () => {
    const it = await editing((text) => text.replace('agents:', 'agnets:'));
    const { code, err } = await it.run('edit', 'project', 'web');
    expect(code).toBe(1);
    expect(err).toMatch(/agnets/);
    expect(await it.read('specs/all.yaml')).not.toContain('agnets');
  });

  test('is opened again with the problems at its top on a terminal', async () => {
    let times = 0;
    const it = await editing((text) =>
      times++ === 0 ? text.replace('  agents:', '  agnets:') : text.replace(/^ *agnets:/m, '  agents: # all'),
    );
    Object.assign(it.deps, { isTTY: { stdin: true, stdout: true, stderr: true } });
    expect((await it.run('edit', 'project', 'web')).code).toBe(0);
    expect(it.seen[1]).toMatch(/^#: [^]*#: It was not valid:\n#: all\.yaml:\d+:\d+/);
    expect(await it.read('specs/all.yaml')).toContain('agents: # all');
  });

  test('does not undo what somebody else changed meanwhile', async () => {
    const it = await editing((text) => text.replace('infinity', '"9"'));
    const { runInTerminal } = it.deps.programs;
    Object.assign(it.deps.programs, {
      runInTerminal: async (argv: string[], env: object) => {
        await it.write('specs/all.yaml', specText('web', { labels: { a: 'b' } }));
        return await runInTerminal(argv, env as never);
      },
    });
    expect(await it.run('edit', 'project', 'web')).toMatchObject({
      code: 1,
      err: expect.stringContaining('was changed while'),
    });
    expect(await it.read('specs/all.yaml')).toBe(specText('web', { labels: { a: 'b' } }));
  });
});
