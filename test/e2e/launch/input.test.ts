import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const problems = async (world: World): Promise<string> =>
  (await world.muxlet('get', 'problems', '-o', 'wide', '--no-headers')).stdout;

const good = `apiVersion: muxlet.dev/v1alpha1
kind: Project
metadata: {name: web}
spec:
  agents:
    - {name: dev, command: [sleep, "100000"]}
`;

const bomb = `a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
f: [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
`;

interface Breakage {
  readonly what: string;
  readonly text: string;
  /** What `muxlet get problems` says: the place, and words. */
  readonly place: string;
  readonly words: RegExp;
}

const breakages: readonly Breakage[] = [
  {
    what: 'a syntax error',
    text: good.replace('{name: dev,', '{name: dev'),
    place: 'web.yaml:6:',
    words: /./,
  },
  {
    what: 'an unknown field',
    text: good.replace('{name: dev,', '{name: dev, comand: [x],'),
    place: 'web.yaml:6:',
    words: /comand.*command/,
  },
  {
    what: 'a wrong value',
    text: `${good}      restartPolicy: Sometimes\n`.replace('- {name: dev, command: [sleep, "100000"]}', '- name: dev'),
    place: 'web.yaml:7:',
    words: /Always/,
  },
  {
    what: 'two agents of one name',
    text: `${good}    - {name: dev, command: [sleep, "1"]}\n`,
    place: 'web.yaml:7:',
    words: /dev/,
  },
  { what: 'an alias bomb', text: `${good}---\n${bomb}`, place: 'web.yaml:', words: /alias/ },
  { what: 'a file of 2 MiB', text: `${good}# ${'x'.repeat(2 * 1024 * 1024)}\n`, place: 'web.yaml', words: /1 MiB/ },
  { what: 'a file that is not UTF-8', text: '', place: 'web.yaml:1:1', words: /UTF-8/ },
];

test.each(breakages)('$what keeps what runs, is told with its place, and stops nobody else', (breakage) =>
  withWorld(async (world) => {
    const controller = await world.start();
    const file = world.spec('web.yaml', good);
    const before = await world.ready('web');
    if (breakage.text === '') writeFileSync(file, Buffer.from([0xff, 0xfe, 0x61]));
    else writeFileSync(file, breakage.text);
    const told = await until('it is told', async () => {
      const text = await problems(world);
      return text.includes(breakage.place) ? text : undefined;
    });
    expect(told).toMatch(breakage.words);
    // As the person who stands in the parent directory would name it.
    expect(told).toContain(`specs/${breakage.place}`);
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    await world.ready('other');
    const dev = () => world.agent('web', 'dev');
    expect(dev()).toMatchObject({ pid: before.status.agents[0]?.pid, restarts: 0 });
    await world.tmux('kill-session', '-t', '=web');
    await until('the last good version is still kept up', () => dev()?.restarts === 1 && dev()?.ready === true);
    expect(world.status('web')?.metadata).toMatchObject({ uid: before.metadata.uid, generation: 1 });
    const metrics = await (await fetch(`${controller.address}/metrics`)).text();
    expect(metrics).toMatch(/^muxlet_\w*problems\w*(\{[^}]*\})? [1-9]/m);

    writeFileSync(file, good);
    await until('the problem is gone', async () => !(await problems(world)).includes(breakage.place));
    expect(dev()?.restarts).toBe(1);
  }),
);

test('one object in two files is told with both places, and neither wins over what runs', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', good);
    const { pid } = (await world.ready('web')).status.agents[0] ?? {};
    world.spec('z/copy.yaml', `# a copy\n${good.replace('"100000"', '"200000"')}`);
    const told = await until('it is told', async () => {
      const text = await problems(world);
      return text.includes('copy.yaml') ? text : undefined;
    });
    expect(told).toContain(join(world.specs, 'web.yaml'));
    expect(told).toContain('specs/z/copy.yaml:2:');
    await holds('the first goes on', 700, () => world.agent('web', 'dev')?.pid === pid);
    rmSync(join(world.specs, 'web.yaml'));
    await until('the one that is left is taken', () => world.agent('web', 'dev')?.restarts === 1);
    expect(await problems(world)).toBe('');
  }));

test('a link out of the directory, an unsafe directory: nothing is taken from them, and what runs goes on', () =>
  withWorld(async (world) => {
    await world.start();
    const folder = join(world.specs, 'shared');
    const file = world.spec('shared/web.yaml', good);
    const { pid } = (await world.ready('web')).status.agents[0] ?? {};
    writeFileSync(join(world.work, 'outside.yaml'), projectYaml('outside', { dev: SLEEP }));
    symlinkSync(join(world.work, 'outside.yaml'), join(world.specs, 'link.yaml'));
    chmodSync(folder, 0o777);
    writeFileSync(file, good.replace('"100000"', '"300000"'));
    world.spec('shared/new.yaml', projectYaml('new', { dev: SLEEP }));
    const told = await until('both are told', async () => {
      const text = await problems(world);
      return text.includes('link.yaml') && text.includes('chmod o-w') ? text : undefined;
    });
    expect(told).toContain(`chmod o-w ${folder}`);
    expect(told).toContain(join(world.work, 'outside.yaml'));
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    await world.ready('other');
    await holds('nothing came of them', 700, () => {
      return world.agent('web', 'dev')?.pid === pid && !world.status('new') && !world.status('outside');
    });
    chmodSync(folder, 0o755);
    await until(
      'it is trusted again',
      () => world.status('new') !== undefined && world.agent('web', 'dev')?.restarts === 1,
    );
  }));

test('a specs directory that goes missing ends nothing; once it is back, it is followed again', () =>
  withWorld(async (world) => {
    await world.start('--resync', '1s');
    world.spec('web.yaml', good);
    const { pid } = (await world.ready('web')).status.agents[0] ?? {};
    renameSync(world.specs, `${world.specs}-away`);
    await until('it is told', async () => (await problems(world)).includes(world.specs));
    await holds(
      'the agent lives',
      2500,
      () => world.agent('web', 'dev')?.pid === pid && world.agent('web', 'dev')?.ready === true,
    );
    await world.tmux('kill-session', '-t', '=web');
    await until('and is kept up', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
    renameSync(`${world.specs}-away`, world.specs);
    await until('the problem is gone', async () => (await problems(world)) === '');
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    await world.ready('other');
    expect(world.agent('web', 'dev')?.restarts).toBe(1);
  }));

test('a file that is truncated and slowly written anew touches no agent that is the same in the end', () =>
  withWorld(async (world) => {
    await world.start();
    const text = ['a', 'b', 'c'].map((name) => projectYaml(name, { dev: SLEEP })).join('\n---\n');
    const file = world.spec('all.yaml', text);
    const before = await Promise.all(['a', 'b', 'c'].map(world.ready));
    const pids = () => ['a', 'b', 'c'].map((name) => world.agent(name, 'dev')?.pid);
    const pidsBefore = pids();
    const descriptor = openSync(file, 'w');
    for (let at = 0; at < text.length; at += 90) {
      await setTimeout(100);
      writeSync(descriptor, text.slice(at, at + 90));
    }
    closeSync(descriptor);
    await holds('they live on', 1500, () => pids().join() === pidsBefore.join());
    for (const { metadata } of before) expect(world.status(metadata.name)?.metadata.uid).toBe(metadata.uid);
    expect(await problems(world)).toBe('');
  }));

test('[S28] a file of nothing but nonsense, at the start, lets the others start', () =>
  withWorld(async (world) => {
    world.spec('a.yaml', '\u0000\u0001 : [');
    world.spec('b.json', '[{"apiVersion": "muxlet.dev/v1alpha1"}]');
    world.spec('c.yaml', 'kind: Deployment\napiVersion: apps/v1\n');
    mkdirSync(join(world.specs, 'd.yaml'));
    world.spec('web.yaml', good);
    await world.start();
    await world.ready('web');
    const told = await problems(world);
    for (const name of ['a.yaml:1:', 'b.json:1:', 'c.yaml:1:']) expect(told).toContain(`specs/${name}`);
  }));
