import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bench, specText, statusOf, storedText } from './harness.ts';

const RUNNING = { find: async () => ({ pid: 7 }), stop: async () => undefined };

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
