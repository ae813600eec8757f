import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { bench } from './harness.ts';

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
