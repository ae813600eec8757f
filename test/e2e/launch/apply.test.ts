import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { classYaml, muxletWith, snapshot } from './support.ts';

test('[S7] one spec applied along many paths is one project and one session', () =>
  withWorld(async (world) => {
    await world.start();
    const folder = join(world.root, 'mine');
    mkdirSync(folder);
    const file = join(folder, 'web.yaml');
    writeFileSync(file, projectYaml('web', { dev: { command: SLEEP, workingDir: world.work } }));
    symlinkSync(file, join(world.root, 'link.yaml'));
    symlinkSync(folder, join(world.root, 'folder'));
    expect((await world.muxlet('apply', '-f', file)).code).toBe(0);
    const first = await world.ready('web');
    const paths = ['mine/web.yaml', './mine/../mine/web.yaml', 'link.yaml', 'folder/web.yaml', 'mine/', `${folder}//`];
    for (const path of paths) {
      const { code, stdout, stderr } = await world.muxlet('apply', '-f', path);
      expect(code, `${path}: ${stderr}`).toBe(0);
      expect(stdout).toContain('unchanged');
    }
    const piped = await muxletWith(world, ['apply', '-f', '-'], { input: readFileSync(file, 'utf8') });
    expect(piped.stdout).toContain('unchanged');
    await holds(
      'one project, the same agent',
      600,
      () => world.agent('web', 'dev')?.pid === first.status.agents[0]?.pid,
    );
    expect(readdirSync(world.specs)).toHaveLength(1);
    expect((await world.muxlet('get', 'projects', '-o', 'name')).stdout.trim().split('\n')).toHaveLength(1);
    expect(
      (await world.tmux('list-sessions', '-F', '#{session_name}')).split('\n').filter((name) => name !== '_muxlet'),
    ).toEqual(['web']);
    expect(world.status('web')?.metadata).toMatchObject({ uid: first.metadata.uid, generation: 1 });
  }));

test('[S7] the same specs directory by another path is the same directory: nothing is started twice', () =>
  withWorld(async (world) => {
    world.spec('team/web.yaml', projectYaml('web', { dev: { command: SLEEP, workingDir: '.' } }));
    symlinkSync('web.yaml', join(world.specs, 'team', 'again.yaml'));
    symlinkSync(world.specs, join(world.root, 'link'));
    let pid: number | undefined;
    for (const specs of [
      world.specs,
      `${world.specs}/`,
      relative(world.root, world.specs),
      `${world.root}/./specs//.`,
    ]) {
      const controller = await world.start('--specs', specs);
      const { agents } = (await world.ready('web')).status;
      pid ??= agents[0]?.pid;
      await holds('the same agent runs', 500, () => world.agent('web', 'dev')?.pid === pid);
      expect(await world.muxlet('get', 'problems', '--no-headers')).toMatchObject({ stdout: '' });
      await controller.end();
    }
    expect(world.agent('web', 'dev')?.restarts).toBe(0);
  }));

test('[S8] the same spec applied by many at once is one object, and nobody hears of an error', () =>
  withWorld(async (world) => {
    await world.start();
    const input = projectYaml('web', { dev: { command: SLEEP, workingDir: world.work } });
    const results = await Promise.all(
      Array.from({ length: 6 }, () => muxletWith(world, ['apply', '-f', '-'], { input })),
    );
    for (const { code, stderr } of results) expect([code, stderr]).toEqual([0, '']);
    const { metadata } = await world.ready('web');
    expect(readdirSync(world.specs)).toHaveLength(1);
    expect(await world.muxlet('get', 'problems', '--no-headers')).toMatchObject({ code: 0, stdout: '' });
    expect(metadata.generation).toBe(1);
    expect(world.agent('web', 'dev')?.restarts).toBe(0);
  }));

test('[S25] a plan changes nothing anywhere, and is what is then done', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
    const empty = snapshot(world.root);
    const first = await world.muxlet('plan', '-o', 'json');
    expect(first.code).toBe(0);
    expect(snapshot(world.root)).toEqual(empty);
    await expect(world.tmux('list-sessions')).rejects.toThrow();

    const journal = (): string[] =>
      readFileSync(join(world.state, 'journal.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { step: string; what: string })
        .filter(({ step }) => step === 'intent')
        .map(({ what }) => what);
    const planned = (json: string): string[] =>
      (JSON.parse(json) as { items: { actions: { description: string }[] }[] }).items.flatMap(({ actions }) =>
        actions.map(({ description }) => description),
      );
    const controller = await world.start();
    await world.ready('web');
    expect(journal()).toEqual(planned(first.stdout));
    await controller.end();

    // While nobody looks: one window renamed, one agent killed, one added.
    await world.tmux('rename-window', '-t', '=web:dev', 'mine');
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP, more: SLEEP }));
    const before = [snapshot(world.root), await world.tmux('list-panes', '-a', '-F', '#{window_name} #{pane_pid}')];
    const second = await world.muxlet('plan', '-o', 'json');
    expect([snapshot(world.root), await world.tmux('list-panes', '-a', '-F', '#{window_name} #{pane_pid}')]).toEqual(
      before,
    );
    const steps = planned(second.stdout);
    expect(steps).not.toEqual([]);
    const done = journal().length;
    await world.start();
    await until(
      'it is done',
      async () => (await world.tmux('list-windows', '-t', '=web:', '-F', '#{window_name}')) === 'dev\ntest\nmore',
    );
    await world.ready('web');
    expect(journal().slice(done, done + steps.length)).toEqual(steps);
    expect((await world.muxlet('plan')).stdout).toContain('nothing to do');
  }));

const refused: readonly { what: string; text: string; words: RegExp }[] = [
  {
    what: 'a misspelt field',
    text: projectYaml('web', { dev: { comand: ['x'] } }),
    words: /:\d+:\d+: spec\.agents\[0\].*command/,
  },
  {
    what: 'two agents of one name',
    text: projectYaml('web', { dev: SLEEP }, {}).replace(/("agents": \[)([^]*)(\n {4}\])/, '$1$2,$2$3'),
    words: /:\d+:\d+: spec\.agents\[1\]\.name/,
  },
  {
    what: 'a negative interval',
    text: projectYaml('web', { dev: { command: ['x'], backoff: { initialSeconds: -1 } } }),
    words: /:\d+:\d+: spec\.agents\[0\]\.backoff\.initialSeconds/,
  },
  {
    what: 'a batch under a wrong top-level key',
    text: JSON.stringify({ projects: [{ name: 'web' }] }),
    words: /:1:1: /,
  },
  { what: 'a kind of somebody else', text: 'apiVersion: apps/v1\nkind: Deployment\n', words: /:\d+:\d+: / },
  { what: 'a bad name', text: projectYaml('my.app', { dev: SLEEP }), words: /:\d+:\d+: metadata\.name/ },
  { what: 'an empty team', text: projectYaml('web', {}), words: /:\d+:\d+: spec\.agents/ },
];

test('[S28] what the schema refuses is refused with line and field, and not even its good neighbours are written', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
    const { pid } = (await world.ready('other')).status.agents[0] ?? {};
    const before = snapshot(world.specs);
    for (const { what, text, words } of refused) {
      const file = join(world.root, 'new.yaml');
      writeFileSync(file, text);
      writeFileSync(join(world.root, 'good.yaml'), projectYaml('good', { dev: SLEEP }));
      const { code, stderr } = await world.muxlet('apply', '-f', join(world.root, 'good.yaml'), '-f', file);
      expect(code, what).toBe(1);
      expect(stderr, what).toMatch(words);
      expect(stderr, what).toContain('new.yaml');
      expect(snapshot(world.specs), what).toEqual(before);
    }
    expect(world.status('good')).toBeUndefined();
    expect(world.agent('other', 'dev')).toMatchObject({ pid, restarts: 0 });
  }));

test('[S28] an unknown class is told in the status of its project, with those that are known; what runs stays', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('quick.yaml', classYaml('quick'));
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const { pid } = (await world.ready('web')).status.agents[0] ?? {};
    world.spec('web.yaml', projectYaml('web', { dev: { class: 'cluade', command: SLEEP } }));
    const accepted = await until('it is not accepted', () =>
      world.status('web')?.status.conditions.find(({ type, status }) => type === 'Accepted' && status === 'False'),
    );
    expect(accepted).toMatchObject({ reason: 'UnknownClass' });
    expect(accepted.message).toMatch(/dev.*cluade.*known: .*quick.*shell/);
    expect(world.agent('web', 'dev')?.pid).toBe(pid);
    rmSync(join(world.specs, 'web.yaml'));
    await until('it goes all the same', () => world.status('web') === undefined);
  }));
