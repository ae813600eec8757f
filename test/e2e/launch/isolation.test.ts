import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import { tellEverything, titles } from '../alert/support.ts';
import { holds, MAIN, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { classYaml, events, script } from './support.ts';

const statusFile = (state: string, name: string): string => join(state, 'status', 'project', `${name}.json`);

test('[S21] a project whose status cannot be written keeps none of the others waiting, and is told of', () =>
  withWorld(async (world) => {
    mkdirSync(join(statusFile(world.state, 'bad'), 'in-the-way'), { recursive: true });
    world.spec('all.yaml', ['a', 'bad', 'z'].map((name) => projectYaml(name, { dev: SLEEP })).join('\n---\n'));
    const controller = await world.start('--resync', '500ms');
    await Promise.all([world.ready('a'), world.ready('z')]);
    await until('bad has its session all the same', async () =>
      (await world.tmux('list-sessions', '-F', '#{session_name}')).split('\n').includes('bad'),
    );
    expect(controller.log()).toContain('bad.json');
    await world.tmux('kill-session', '-t', '=z');
    await until('z is repaired', () => world.agent('z', 'dev')?.restarts === 1);
    const panes = await world.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid}');
    await holds(
      'nothing is started twice',
      1200,
      async () => (await world.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid}')) === panes,
    );
    rmSync(statusFile(world.state, 'bad'), { recursive: true });
    await world.ready('bad');
  }));

test('[S22] a record with times that are none is put right by itself; every other object goes on, and no agent is touched', () =>
  withWorld(async (world) => {
    const first = await world.start();
    const names = ['null', 'text', 'epoch', 'torn', 'good'];
    world.spec('all.yaml', names.map((name) => projectYaml(name, { dev: SLEEP })).join('\n---\n'));
    const before = new Map<string, StoredObject>();
    for (const name of names) before.set(name, await world.ready(name));
    await first.end();
    const rewrite = (name: string, times: { created?: unknown; started?: unknown }): void => {
      const object = JSON.parse(readFileSync(statusFile(world.state, name), 'utf8'));
      if ('created' in times) object.metadata.creationTimestamp = times.created;
      object.status.agents[0].startedAt = times.started;
      for (const condition of object.status.conditions) condition.lastTransitionTime = times.started;
      writeFileSync(statusFile(world.state, name), JSON.stringify(object));
    };
    rewrite('null', { created: null, started: null });
    rewrite('text', { created: 'yesterday', started: 'soon' });
    rewrite('epoch', { created: 1795260885865, started: 1795260885.8 });
    writeFileSync(statusFile(world.state, 'torn'), '{"apiVersion": "muxlet.dev/v1alph');

    const second = await world.start();
    for (const name of names) {
      // The file may be read before what was put right is written.
      const object = await until(`the times of ${name} are put right`, async () => {
        const seen = await world.ready(name);
        const { metadata, status } = seen;
        const times = [metadata.creationTimestamp, ...status.conditions.map((one) => one.lastTransitionTime)];
        return times.every((time) => /^\d{4}-.*Z$/.test(time)) && seen;
      });
      expect(object.status.agents[0]).toMatchObject({ pid: before.get(name)?.status.agents[0]?.pid, restarts: 0 });
      expect(object.metadata.uid).toBe(before.get(name)?.metadata.uid);
    }
    expect(second.log()).toContain('torn.json');
    const { code, stdout } = await world.muxlet('get', 'projects', '--no-headers');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/NaN|Invalid|undefined/);
  }));

test('[S24] [S147] where neither journal nor events can be written, the controller runs, and says so once on standard error', () =>
  withWorld(async (world) => {
    mkdirSync(join(world.state, 'journal.ndjson', 'x'), { recursive: true });
    mkdirSync(join(world.state, 'events.ndjson', 'x'), { recursive: true });
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    tellEverything(world);
    const controller = await world.start();
    await world.ready('web');
    for (let round = 1; round <= 3; round += 1) {
      await world.tmux('kill-session', '-t', '=web');
      await until(
        'it is back',
        () => world.agent('web', 'dev')?.restarts === round && world.agent('web', 'dev')?.ready,
      );
    }
    const warnings = controller
      .log()
      .split('\n')
      .filter((line) => line.includes('WriteFailed'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/(journal|events)\.ndjson/);
    // Who is told is so all the same.
    await until('it is told', () => titles(world).some((title) => title.includes('SessionMissing')));
  }));

test('[S24] a controller whose log nobody takes (a full disk, a closed pipe) keeps on repairing', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const args = [MAIN, 'run', '--listen', '127.0.0.1:0', '--log-format', 'json'];
    const child = spawn(process.execPath, args, { env: world.env, cwd: world.root, stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      child.stdout.destroy();
      child.stderr.destroy();
      await world.ready('web');
      await world.tmux('kill-server');
      await until('it is back', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
      expect(child.exitCode).toBeNull();
    } finally {
      child.kill('SIGKILL');
    }
  }));

test('[S40] every status that is written on an eventful way has the canonical spelling, by the schema', () =>
  withWorld(async (world) => {
    const schemas = fileURLToPath(new URL('../../../controller/api/schemas/', import.meta.url));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const file of readdirSync(schemas)) ajv.addSchema(JSON.parse(readFileSync(join(schemas, file), 'utf8')));
    const validate = ajv.compile({
      $ref: 'https://muxlet.dev/schemas/v1alpha1/project.schema.json#/definitions/ProjectStatus',
    });
    const phases = new Set<string>();
    const look = (): void => {
      const status = world.status('web')?.status;
      if (status === undefined) return;
      phases.add(status.phase);
      expect(validate(status), JSON.stringify([status, validate.errors])).toBe(true);
    };
    const watching = setInterval(look, 5);
    try {
      await world.start();
      world.spec('quick.yaml', classYaml('quick'));
      const agents = { dev: { class: 'quick', command: SLEEP }, bad: { class: 'quick', command: script('exit 1') } };
      const file = world.spec('web.yaml', projectYaml('web', agents));
      await until('bad loops', () => world.agent('web', 'bad')?.state === 'CrashLoopBackOff');
      world.spec('web.yaml', projectYaml('web', { dev: agents.dev }));
      await until('it runs', () => world.status('web')?.status.phase === 'Running');
      await world.tmux('kill-session', '-t', '=web');
      await until('it is repaired', () => world.agent('web', 'dev')?.restarts === 1);
      world.spec('web.yaml', projectYaml('web', { dev: { command: script('exit 0'), restartPolicy: 'OnFailure' } }));
      await until('it is complete', () => world.status('web')?.status.phase === 'Completed');
      rmSync(file);
      await until('it is gone', () => world.status('web') === undefined);
    } finally {
      clearInterval(watching);
    }
    expect(phases).toContain('Running');
    expect(phases).toContain('Completed');
    const types = new Set((await events(world)).map(({ type }) => type));
    for (const type of types) expect(['Normal', 'Warning']).toContain(type);
  }));

test('[S40] another spelling in the state directory is refused, and replaced by what is seen', () =>
  withWorld(async (world) => {
    const first = await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const { pid } = (await world.ready('web')).status.agents[0] ?? {};
    await first.end();
    const text = readFileSync(statusFile(world.state, 'web'), 'utf8');
    writeFileSync(
      statusFile(world.state, 'web'),
      text.replace('"Running"', '"running"').replace('"Busy"', '"BUSY"').replaceAll('"True"', '"true"'),
    );
    expect(readFileSync(statusFile(world.state, 'web'), 'utf8')).toContain('"running"');
    const second = await world.start();
    const object = await world.ready('web');
    expect(object.status).toMatchObject({ phase: 'Running', agents: [{ state: 'Busy', pid, restarts: 0 }] });
    expect(second.log()).toContain('web.json');
  }));
