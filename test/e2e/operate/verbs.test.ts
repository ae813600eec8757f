import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentProcesses, pidsOf } from '../support/agents.ts';
import { MAIN, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const BY_HAND = `# Our web site. Ask Kim before changing it.
apiVersion: muxlet.dev/v1alpha1
kind: Project
metadata:
  name: web   # also the session's name
  labels: {team: a}
spec:
  agents:
    - name: dev          # writes
      command: [sleep, "100000"]

    - {name: test, command: [sleep, "100000"]}   # reads
`;

const QUEUE = {
  apiVersion: 'muxlet.dev/v1alpha1',
  kind: 'Queue',
  metadata: { name: 'night' },
  spec: { maxRunning: 1 },
};

/** A verb that goes on until it is ended; what it printed so far. */
function follow(world: World, ...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: world.env, cwd: world.root });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    out: () => out,
    end: () => {
      child.kill('SIGINT');
      return ended;
    },
  };
}

test('watching verbs tell changes of the running controller as they come', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('web.yaml', BY_HAND);
    await world.ready('web');
    const projects = follow(world, 'get', 'projects', '-w');
    const events = follow(world, 'events', '-w', '--for', 'project/web');
    await until('the first tables', () => projects.out().includes('web') && events.out().includes('AgentStarted'));
    const waiting = world.muxlet('wait', 'project/api', '--for', 'condition=Ready', '--timeout', '20s');
    signalProcess(world.agent('web', 'dev')?.pid, 'SIGKILL');
    world.spec('api.yaml', projectYaml('api', { dev: SLEEP }));
    await until('both are told', () => projects.out().includes('api') && events.out().includes('AgentRestarted'));
    const waited = await waiting;
    // A project that is not there yet is no project, as with kubectl.
    expect([0, 1]).toContain(waited.code);
    expect((await world.muxlet('wait', 'project/api', '--for', 'condition=Ready')).code).toBe(0);
    expect((await world.muxlet('wait', 'project/api', '--for', 'phase=Failed', '--timeout', '200ms')).code).toBe(1);
    expect(await projects.end()).toBe(0);
    expect(await events.end()).toBe(0);
  }));

test('[S8] two who declare the same project at the same moment get one project', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('queue.yaml', JSON.stringify(QUEUE));
    const spec = join(world.root, 'job.yaml');
    writeFileSync(spec, projectYaml('job', { dev: SLEEP }, { queue: 'night', workingDir: world.work }));
    const applied = await Promise.all([1, 2].map(() => world.muxlet('apply', '-f', spec)));
    expect(applied.map(({ code }) => code)).toEqual([0, 0]);
    expect(applied.map(({ stdout }) => stdout.trim()).sort()).toEqual(['project/job created', 'project/job unchanged']);
    const { uid } = (await world.ready('job')).metadata;
    expect(agentProcesses(world)).toHaveLength(1);
    // Other content: both are taken, one after the other, and neither is another object.
    const changed = await Promise.all(
      ['one', 'two'].map((goal) => {
        const file = join(world.root, `${goal}.yaml`);
        writeFileSync(file, projectYaml('job', { dev: SLEEP }, { queue: 'night', workingDir: world.work, goal }));
        return world.muxlet('apply', '-f', file);
      }),
    );
    expect(changed.map(({ code, stdout }) => [code, stdout.trim()])).toEqual([
      [0, 'project/job configured'],
      [0, 'project/job configured'],
    ]);
    const created = await Promise.all([1, 2].map(() => world.muxlet('create', 'project', 'web', '--', ...SLEEP)));
    const [winner, other] = created.toSorted((one, two) => one.code - two.code);
    expect(winner).toMatchObject({ code: 0, stdout: 'project/web created\n' });
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other?.stderr).toContain('projects "web" already exists');
    expect(other?.stderr).not.toMatch(/\n\s+at /);
    await world.ready('web');
    expect(world.status('job')?.metadata.uid).toBe(uid);
    expect(agentProcesses(world)).toHaveLength(2);
  }));

test('writing verbs change a hand-written file where it must change and nowhere else', () =>
  withWorld(async (world) => {
    await world.start();
    const file = world.spec('site/web.yaml', BY_HAND);
    await world.ready('web');
    const pids = pidsOf(world, 'web');

    expect((await world.muxlet('label', 'project', 'web', 'tier=front')).code).toBe(0);
    expect((await world.muxlet('annotate', 'project/web', 'note=x')).code).toBe(0);
    await until('both are in force', () => {
      const { labels, annotations } = world.status('web')?.metadata ?? {};
      return labels?.['tier'] === 'front' && annotations?.['note'] === 'x';
    });
    const labelled = readFileSync(file, 'utf8');
    for (const line of BY_HAND.split('\n').filter((text) => text.includes('#'))) expect(labelled).toContain(line);
    expect(pidsOf(world, 'web')).toEqual(pids);

    const editor = join(world.root, 'editor');
    writeFileSync(editor, '#!/bin/sh\nsed -i s/100000/100001/ "$1"\n');
    chmodSync(editor, 0o700);
    world.env['EDITOR'] = editor;
    const edited = await world.muxlet('edit', 'project', 'web');
    expect(edited).toMatchObject({ code: 0, stderr: '' });
    await until(
      'dev is another',
      () => world.agent('web', 'dev')?.ready && world.agent('web', 'dev')?.pid !== pids['dev'],
    );
    expect(readFileSync(file, 'utf8')).toBe(labelled.replaceAll('100000', '100001'));

    const deleted = await world.muxlet('delete', 'project', 'web');
    expect(deleted).toMatchObject({ code: 0 });
    expect(agentProcesses(world)).toEqual([]);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '').not.toContain('kind: Project');
  }));

test('apply from standard input, describe and get what became of it, explain, and name what is unknown', () =>
  withWorld(async (world) => {
    await world.start();
    const child = spawn(process.execPath, [MAIN, 'apply', '-f', '-'], { env: world.env, cwd: world.root });
    child.stdin.end(projectYaml('api', { dev: SLEEP }));
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
    const api = await world.ready('api');
    const list = JSON.parse((await world.muxlet('get', 'projects', '-o', 'json')).stdout);
    expect(list).toMatchObject({ kind: 'List', items: [{ metadata: { name: 'api', uid: api.metadata.uid } }] });
    expect(list.items[0].status.agents[0]).toMatchObject({
      name: 'dev',
      pid: pidsOf(world, 'api')['dev'],
      restarts: 0,
    });
    const described = await world.muxlet('describe', 'project', 'api');
    expect(described.stdout).toContain('SessionCreated');
    expect((await world.muxlet('get', 'agents', '-o', 'name')).stdout).toContain('api.dev');
    expect((await world.muxlet('explain', 'project.spec.agents')).stdout).toContain('restartPolicy');
    expect((await world.muxlet('get', 'project', 'nobody')).code).toBe(1);
    expect((await world.muxlet('get', 'nonsense')).code).toBe(2);
    expect((await world.muxlet('attach', 'api')).stderr).toContain('needs a terminal');
  }));

test('attach goes to the agent on a real terminal, and leaving it ends nothing', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, talk: ['sh', '-c', 'echo here I am; exec sleep 100000'] }));
    await world.start();
    await world.ready('web');
    const pids = pidsOf(world, 'web');
    const outer = (...args: string[]) =>
      execFileSync('tmux', ['-L', `${world.socket}o`, '-f', '/dev/null', ...args], {
        env: world.env,
        encoding: 'utf8',
      });
    outer(
      'new-session',
      '-d',
      '-s',
      'person',
      '-x',
      '100',
      '-y',
      '30',
      process.execPath,
      MAIN,
      'attach',
      'web',
      '-a',
      'talk',
    );
    try {
      await until('its screen is shown', () => outer('capture-pane', '-p', '-t', 'person').includes('here I am'));
      const clients = await world.tmux('list-clients', '-t', '=web', '-F', '#{client_session}');
      expect(clients).toBe('web');
      outer('send-keys', '-t', 'person', 'C-b', 'd');
      await until('left', async () => (await world.tmux('list-clients', '-t', '=web', '-F', 'x')) === '');
      expect(pidsOf(world, 'web')).toEqual(pids);
    } finally {
      try {
        outer('kill-server');
      } catch {
        // It ended with its only session.
      }
    }
  }));

test('the completion script completes verbs, kinds and names in a real bash', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    await world.start();
    await world.ready('web');
    const script = `
      muxlet() { "${process.execPath}" "${MAIN}" "$@"; }
      source <(muxlet completion bash)
      complete_line() { COMP_LINE="$*"; COMP_POINT=\${#COMP_LINE}; _muxlet; echo "\${COMPREPLY[*]}"; }
      complete_line muxlet desc
      complete_line muxlet get proj
      complete_line muxlet describe project w`;
    const lines = execFileSync('bash', ['-c', script], { env: world.env, encoding: 'utf8', cwd: world.root }).split(
      '\n',
    );
    expect(lines[0]).toBe('describe');
    expect(lines[1]).toContain('project');
    expect(lines[2]).toBe('web');
    for (const shell of ['zsh', 'fish']) expect((await world.muxlet('completion', shell)).stdout).toContain('muxlet');
  }));
