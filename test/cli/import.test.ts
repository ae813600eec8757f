import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Bench, bench } from './harness.ts';

const FLAGS = ['--class', 'claude', '--team', 'code-project'] as const;

async function withBatch(batch: unknown, name = 'night.json'): Promise<Bench> {
  const world = await bench();
  await world.write('a/spec.md', '# a');
  await world.write('b/spec.md', '# b');
  await world.write('shop.md', '# shop');
  await world.write('repo/main.py', '');
  await world.write(name, typeof batch === 'string' ? batch : JSON.stringify(batch));
  return world;
}

async function written(world: Bench): Promise<Record<string, ReturnType<typeof parse>>> {
  const files = (await readdir(join(world.root, 'specs'), { recursive: true }))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const texts = await Promise.all(files.map((file) => world.read(`specs/${file}`)));
  return Object.fromEntries(files.map((file, index) => [file, parse(texts[index] ?? '')]));
}

const BATCH = {
  version: '1.0',
  specs: [
    { spec_file: 'shop.md', project_directory: 'repo', enabled: true, tags: ['web', 'team=red'] },
    { spec_file: 'a/spec.md', project_directory: 'a', enabled: false },
    { spec_file: 'b/spec.md', project_directory: './new', new_project: true },
  ],
  batch_config: { max_concurrent: 3, retry_delay: 5 },
};

test('[S33] a project for each entry, named after what tells them apart, and a queue for all of them', async () => {
  const world = await withBatch(BATCH);
  const { code, out, err } = await world.run('import', 'batch', 'night.json', ...FLAGS);
  expect(err).toContain('batch_config.retry_delay has no meaning here');
  expect(err).toContain(`new waits until there is a directory: git init ${join(world.root, 'new')}`);
  expect(code).toBe(0);
  expect(out).toBe('queue/night created\nproject/shop created\nproject/a created\nproject/new created\n');
  const specs = await written(world);
  expect(specs['night/queue.yaml'].spec).toEqual({ maxRunning: 3 });
  expect(specs['night/01-shop.yaml'].metadata.labels).toEqual({ web: '', team: 'red' });
  expect(specs['night/01-shop.yaml'].spec).toMatchObject({
    queue: 'night',
    goalFile: join(world.root, 'shop.md'),
    repo: join(world.root, 'repo'),
  });
  expect(specs['night/01-shop.yaml'].spec.suspend).toBeUndefined();
  expect(specs['night/02-a.yaml'].spec).toMatchObject({ queue: 'night', suspend: true });
  expect((await world.run('validate')).code).toBe(0);
});

test('YAML does as well, and the same batch again changes nothing', async () => {
  const text = 'version: 1\nspecs:\n- {spec_file: shop.md, project_directory: repo}\nbatch_config: {parallel: false}\n';
  const world = await withBatch(text, 'Over Night.yml');
  const first = await world.run('import', 'batch', 'Over Night.yml', ...FLAGS);
  expect(first.out).toBe('queue/over-night created\nproject/shop created\n');
  expect((await written(world))['over-night/queue.yaml'].spec).toEqual({ maxRunning: 1 });
  const again = await world.run('import', 'batch', 'Over Night.yml', ...FLAGS);
  expect(again.out).toBe('queue/over-night unchanged\nproject/shop unchanged\n');
});

test('[S25] [S28] what is wrong is named with file, entry and field, all at once, and nothing is written', async () => {
  const world = await withBatch({
    specs: [
      { spec_file: 'missing.md', project_directory: 'repo' },
      { spec_file: 'shop.md', project_directory: 'nowhere' },
    ],
  });
  const { code, err } = await world.run('import', 'batch', 'night.json', ...FLAGS);
  expect(code).toBe(1);
  expect(err).toContain('2 problems, nothing was changed');
  expect(err).toContain(`night.json: specs[0].spec_file: the file ${join(world.root, 'missing.md')} does not exist`);
  expect(err).toContain('night.json: specs[1].project_directory: the directory');
  expect(await written(world)).toEqual({});
});

test.each([
  ['{"projects": []}', ['projects: unknown field', 'specs: must be a list']],
  [
    '{"specs": [1, {"spec_file": 2}]}',
    ['specs[0]: must have fields', 'specs[1].spec_file: must be a path', 'specs[1].project_directory: is missing'],
  ],
  [
    '{"specs": [{"spec_file": "a", "project_directory": "b", "enabled": "yes", "tag": 1}]}',
    ['specs[0].tag: unknown field', 'specs[0].enabled: must be true or false'],
  ],
  [
    '{"specs": [{"spec_file": "a", "project_directory": "b", "tags": ["ok", "a/b/c"]}]}',
    ["specs[0].tags[1]: 'a/b/c' can be no label"],
  ],
  ['{"specs": [], "batch_config": {"concurrency": 0}}', ['batch_config.concurrency: must be a whole number']],
  ['specs: [', ['line 1, column']],
])('[S28] %s', async (text, faults) => {
  const world = await withBatch(text);
  const { code, err } = await world.run('import', 'batch', 'night.json', ...FLAGS);
  expect(code).toBe(1);
  for (const fault of faults) expect(err).toContain(fault);
  expect(await written(world)).toEqual({});
});

test('a project that is there already and is another one is not written over, and nothing else is written', async () => {
  const world = await withBatch(BATCH);
  const other = { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name: 'shop' } };
  await world.write(
    'specs/shop.yaml',
    JSON.stringify({ ...other, spec: { agents: [{ name: 'x', command: ['true'] }] } }),
  );
  const { code, err } = await world.run('import', 'batch', 'night.json', ...FLAGS);
  expect(code).toBe(1);
  expect(err).toContain('Project shop exists already, and is another one');
  expect(Object.keys(await written(world))).toEqual(['shop.yaml']);
});

test('a dry run says the same and writes nothing', async () => {
  const world = await withBatch(BATCH);
  const { out } = await world.run('import', 'batch', 'night.json', '--dry-run', '--queue', 'late', ...FLAGS);
  expect(out).toContain('queue/late created (dry run)\nproject/shop created (dry run)\n');
  expect(await written(world)).toEqual({});
});
