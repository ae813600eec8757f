import { existsSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
