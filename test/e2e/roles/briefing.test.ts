import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';
import { roleYaml, withStandIn } from './stand-in.ts';

function commit(world: World, message: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: world.work, env: world.env, stdio: 'ignore' });
  if (!existsSync(join(world.work, '.git'))) git('init');
  git('-c', 'user.name=T', '-c', 'user.email=t@example.org', 'commit', '--allow-empty', '-m', message);
}

const dev = { class: 'stand-in', role: 'developer' };

test('[S18] an agent hears of its role, goal and team, and every path that it is told is absolute and there', async () => {
  await withWorld(async (world) => {
    const standIn = withStandIn(world);
    writeFileSync(join(world.root, 'GOAL.md'), 'Sell things, {{ not a template }}.\n');
    const spec = { repo: world.work, goalFile: join(world.root, 'GOAL.md') };
    const agents = { lead: { class: 'stand-in', role: 'orchestrator' }, dev: { ...dev, briefing: 'Mind the cart.' } };
    world.spec('shop.yaml', projectYaml('shop', agents, spec));
    await world.start();
    await world.ready('shop');
    const [prompt = ''] = await until('the briefing arrives', () => {
      const found = standIn.prompts('dev');
      return found.length > 0 && found;
    });
    expect(prompt).toMatch(/^You are dev, the developer of project shop\.\n/);
    expect(prompt).toContain('Sell things, {{ not a template }}.');
    expect(prompt).toContain('- lead: orchestrator\n- dev: developer (you)\n');
    expect(prompt).toContain('Reports go to lead.');
    expect(prompt.endsWith('\n\nMind the cart.')).toBe(true);
    const paths = [...prompt.matchAll(/(?<![\w./])~?\.{0,2}\/[\w./-]*[\w]/g)].map(([path]) => path);
    expect(paths).toContain(world.work);
    expect(paths).toContain(join(world.state, 'bin', 'muxlet'));
    expect(paths.filter((path) => !isAbsolute(path) || !existsSync(path))).toEqual([]);
    expect(world.agent('shop', 'dev')?.role).toBe('developer');
  });
});

test('[S65] a killed agent is told why, its recent commits, what to look at first, and its role again', async () => {
  await withWorld(async (world) => {
    const standIn = withStandIn(world);
    commit(world, 'the cart holds things');
    world.spec('shop.yaml', projectYaml('shop', { dev }, { repo: world.work, goal: 'Sell things.' }));
    await world.start();
    await world.ready('shop');
    const pid = await until(
      'it was briefed',
      () => standIn.prompts('dev').length === 1 && world.agent('shop', 'dev')?.pid,
    );
    commit(world, 'the cart can be paid');
    signalProcess(pid, 'SIGKILL');
    const [, prompt = ''] = await until('it is briefed again', () => {
      const found = standIn.prompts('dev');
      return found.length === 2 && found;
    });
    expect(prompt).toMatch(
      /^You were started again: your program was ended by signal 9\. You are dev, the developer of/,
    );
    expect(prompt).toMatch(/git status and git diff: what is half-way/);
    expect(prompt).toMatch(/ {2}[0-9a-f]{7,} the cart can be paid\n {2}[0-9a-f]{7,} the cart holds things\n/);
    expect(prompt).toMatch(/\nYou are dev, the developer of project shop\.\n\nThe goal:\n\nSell things\.\n/);
  });
});

test('[S15] [S16] an unknown role, one in the wrong case and a broken template are named, and the others run', async () => {
  await withWorld(async (world) => {
    const standIn = withStandIn(world);
    world.spec('roles/odd.yaml', roleYaml('odd', { briefing: 'You are\n{{ agnet }}.' }));
    world.spec('roles/late.yaml', roleYaml('late', { briefing: 'Fine.', recovery: '{{ comits }}' }));
    const agents = {
      dev,
      stranger: { class: 'stand-in', role: 'develloper' },
      loud: { class: 'stand-in', role: 'Developer' },
      odd: { class: 'stand-in', role: 'odd' },
      late: { class: 'stand-in', role: 'late' },
    };
    world.spec('shop.yaml', projectYaml('shop', agents, { repo: world.work, goal: 'x' }));
    await world.start();
    await until('the good one runs', () => world.agent('shop', 'dev')?.ready);
    const said = (agent: string) => {
      const { reason, message, ready } = world.agent('shop', agent) ?? {};
      return { reason, message, ready };
    };
    expect(said('stranger')).toEqual({
      reason: 'UnknownRole',
      message: 'there is no AgentRole develloper; did you mean developer?',
      ready: false,
    });
    expect(said('loud')).toMatchObject({
      reason: 'UnknownRole',
      message: expect.stringContaining('did you mean developer?'),
    });
    expect(said('odd')).toMatchObject({
      reason: 'BriefingInvalid',
      message: expect.stringMatching(
        /^AgentRole odd \(.*\/specs\/roles\/odd\.yaml\), spec\.briefing: undefined variable: agnet, line:2/,
      ),
    });
    expect(said('late')).toMatchObject({
      reason: 'BriefingInvalid',
      message: expect.stringContaining('spec.recovery: undefined variable: comits'),
    });
    const { stdout } = await world.muxlet('describe', 'project', 'shop');
    expect(stdout).toMatch(/Stalled +True/);
    const { pid } = world.agent('shop', 'dev') ?? {};

    world.spec('roles/odd.yaml', roleYaml('odd', { briefing: 'You are {{ agent }}.' }));
    await until('it runs once its role is put right', () => standIn.prompts('odd').length > 0);
    expect(standIn.prompts('odd')).toEqual(['You are odd.']);
    expect(world.agent('shop', 'dev')?.pid).toBe(pid);
    expect(standIn.prompts('loud')).toEqual([]);
  });
});

test('[S15] a goal file and a repository that are missing are named, and waited for', async () => {
  await withWorld(async (world) => {
    const standIn = withStandIn(world);
    const goalFile = join(world.root, 'GOAL.md');
    world.spec('a.yaml', projectYaml('a', { dev, log: ['sleep', '100000'] }, { goalFile, workingDir: world.work }));
    world.spec('b.yaml', projectYaml('b', { dev }, { repo: join(world.root, 'nowhere'), workingDir: world.work }));
    await world.start();
    await until(
      'they are named',
      () =>
        world.agent('a', 'dev')?.reason === 'GoalFileUnreadable' && world.agent('b', 'dev')?.reason === 'RepoMissing',
    );
    expect(world.agent('a', 'dev')?.message).toBe(`the goal file ${goalFile} does not exist`);
    await until('the other one runs', () => world.agent('a', 'log')?.ready);
    writeFileSync(goalFile, 'Now.');
    await until('it starts by itself', () => world.agent('a', 'dev')?.ready);
    expect(standIn.prompts('dev')[0]).toContain('Now.');
  });
});

test('a changed role, goal or briefing restarts nobody, and counts from the next start', async () => {
  await withWorld(async (world) => {
    const standIn = withStandIn(world);
    const write = (goal: string) =>
      world.spec('shop.yaml', projectYaml('shop', { dev: { ...dev, role: 'own' } }, { workingDir: world.work, goal }));
    world.spec('own.yaml', roleYaml('own', { briefing: 'One {{ goal }}', recovery: 'Again.' }));
    write('a');
    await world.start();
    await world.ready('shop');
    const { pid = 0 } = world.agent('shop', 'dev') ?? {};
    world.spec('own.yaml', roleYaml('own', { briefing: 'Two {{ goal }}', recovery: 'Again.' }));
    write('b');
    await until('the change is seen', () => (world.status('shop')?.metadata.generation ?? 0) > 1);
    await holds('it is left alone', 700, () => world.agent('shop', 'dev')?.pid === pid);
    signalProcess(pid, 'SIGKILL');
    await until('it is briefed again', () => standIn.prompts('dev').length === 2);
    expect(standIn.prompts('dev')).toEqual(['One a', 'Again.\n\nTwo b']);
  });
});

test('[S28] mistakes in roles and teams are named by file, line and column, and change nothing', async () => {
  await withWorld(async (world) => {
    world.spec(
      'role.yaml',
      'apiVersion: muxlet.dev/v1alpha1\nkind: AgentRole\nmetadata: {name: x}\nspec:\n  briefng: hm\n',
    );
    world.spec(
      'team.yaml',
      'apiVersion: muxlet.dev/v1alpha1\nkind: Team\nmetadata: {name: x}\nspec:\n  members:\n    - role: Developer\n  sizes: {small: none}\n',
    );
    const { code, stdout } = await world.muxlet('validate');
    expect(code).toBe(1);
    expect(stdout).toMatch(/role\.yaml:5:3: spec\.briefng: [^\n]*briefing/);
    expect(stdout).toMatch(/team\.yaml:6:13: spec\.members\[0\]\.role: /);
    expect(stdout).toMatch(/team\.yaml:7:18: spec\.sizes\.small: /);
    const problems = (await world.muxlet('get', 'problems', '-o', 'name')).stdout;
    expect(problems.split('\n').filter((line) => line !== '').length).toBeGreaterThanOrEqual(3);
  });
});
