import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { bench, specText } from './harness.ts';

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
