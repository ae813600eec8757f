import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stage } from '../course/support.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository, type Repository, write } from './support.ts';

const RESULT = 'muxlet/web/integration';
const COMMITTED = { completion: { rules: [{ commits: {} }] } };

const treeOf = (world: World, agent: string, project = 'web'): string =>
  world.agent(project, agent)?.workTree?.path ?? '';

/** What an agent does: files, and a commit of all that is there. */
function work(repository: Repository, tree: string, files: Readonly<Record<string, string>>): string {
  write(tree, files);
  repository.gitIn(tree, 'add', '--all');
  repository.gitIn(tree, 'commit', '--quiet', '--no-edit', '--message', 'work');
  return repository.gitIn(tree, 'rev-parse', 'HEAD');
}

/** What has ended may wait to be collected by its parent. */
function lives(pid: string | undefined): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid?.trim()}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const workTreesOf = (repository: Repository): readonly string[] =>
  repository
    .git('worktree', 'list', '--porcelain')
    .split('\n')
    .filter((line) => line.startsWith('worktree '));

test('[S154] [S155] [S157] [S158] [S159] [S163] the branches of all agents come together, beside a checkout that stays as it is', () =>
  withWorld(async (world) => {
    const repository = makeRepository(world, 'shop');
    repository.commit({ 'README.md': 'shop\n', '.gitignore': '.env\n' });
    const remote = makeRepository(world, 'remote', '--bare');
    repository.git('remote', 'add', 'origin', remote.path);
    repository.git('checkout', '--quiet', '-b', 'topic');
    write(repository.path, { 'README.md': 'half done\n', '.env': 'KEY=1\n', note: 'mine\n' });
    const before = repository.fingerprint();
    const check = 'cat a.txt b.txt .env; [ ! -e note ]; git status --porcelain; echo "$MUXLET_COMMIT"';
    const spec = {
      repo: repository.path,
      ref: 'main',
      workTree: { policy: 'PerAgent', files: [{ path: '.env' }] },
      integration: {},
      verification: { commands: [{ argv: ['sh', '-ec', check] }] },
      ...COMMITTED,
    };
    await world.start();
    for (const name of ['web', 'till']) world.spec(`${name}.yaml`, projectYaml(name, { a: SLEEP, b: SLEEP }, spec));
    await Promise.all(['web', 'till'].map((name) => world.ready(name)));
    const tips = ['web', 'till'].flatMap((project) =>
      ['a', 'b'].map((agent) => work(repository, treeOf(world, agent, project), { [`${agent}.txt`]: `${project}\n` })),
    );
    const done = await stage(world, 'web', 'Finished');
    await stage(world, 'till', 'Finished');
    const commit = repository.git('rev-parse', RESULT);
    expect(done).toMatchObject({
      phase: 'Completed',
      integration: { state: 'Merged', branch: RESULT, commit, merged: ['a', 'b'] },
      verification: { state: 'Passed', round: 1, commit },
    });
    const log = readFileSync(done?.verification?.log ?? '', 'utf8');
    expect(log).toContain(`web\nweb\nKEY=1\n${commit}\n`);
    for (const [at, tip] of tips.entries()) {
      repository.git('merge-base', '--is-ancestor', tip, at < 2 ? RESULT : 'muxlet/till/integration');
    }
    expect(repository.git('show', 'muxlet/till/integration:a.txt')).toBe('till');
    expect(repository.git('ls-tree', '--name-only', RESULT)).toBe('.gitignore\nREADME.md\na.txt\nb.txt');
    expect(repository.git('log', '--format=%an', '--merges', `main..${RESULT}`)).toBe('muxlet\nmuxlet');
    expect(repository.fingerprint()).toEqual(before);
    expect(remote.git('for-each-ref')).toBe('');
    expect(workTreesOf(repository)).toHaveLength(5);
  }));

test('[S156] a conflict is aborted, named by its files, and over once it is resolved', () =>
  withWorld(async (world) => {
    const repository = makeRepository(world, 'shop');
    repository.commit({ 'list.txt': 'one\n' });
    const spec = { repo: repository.path, workTree: { policy: 'PerAgent' }, integration: {}, ...COMMITTED };
    await world.start();
    world.spec('web.yaml', projectYaml('web', { a: SLEEP, b: SLEEP }, spec));
    await world.ready('web');
    work(repository, treeOf(world, 'a'), { 'list.txt': 'one\na\n' });
    work(repository, treeOf(world, 'b'), { 'list.txt': 'one\nb\n' });
    const { integration } = await until('the conflict is told', () => {
      const status = world.status('web')?.status;
      return status?.integration?.state === 'Conflict' ? status : undefined;
    });
    expect(integration).toMatchObject({ agent: 'b', files: ['list.txt'], merged: ['a'] });
    expect(repository.git('show', `${RESULT}:list.txt`)).toBe('one\na');
    expect(workTreesOf(repository)).toHaveLength(3);
    const tree = treeOf(world, 'b');
    expect(() => repository.gitIn(tree, 'merge', RESULT)).toThrow();
    work(repository, tree, { 'list.txt': 'one\na\nb\n' });
    const done = await stage(world, 'web', 'Finished');
    expect(done).toMatchObject({ phase: 'Completed', integration: { state: 'Merged', merged: ['a', 'b'] } });
    expect(repository.git('show', `${RESULT}:list.txt`)).toBe('one\na\nb');
    expect(repository.git('log', '--all', '-S<<<<<<<', '--format=%H')).toBe('');
  }));

test('[S114] [S115] a round that a killed controller left is cleaned up and done over, and its result is given on once', () =>
  withWorld(async (world) => {
    const repository = makeRepository(world, 'shop');
    repository.commit({ 'README.md': 'shop\n' });
    repository.git('branch', 'release');
    const remote = makeRepository(world, 'remote', '--bare');
    repository.git('remote', 'add', 'origin', remote.path);
    const path = (name: string): string => join(world.root, name);
    const check = `echo $$ >>${path('pids')}; until [ -e ${path('go')} ]; do sleep 0.05; done`;
    const opened = `echo "$MUXLET_BRANCH $MUXLET_COMMIT" >>${path('opened')}; echo https://example.org/1`;
    const spec = {
      repo: repository.path,
      workTree: { policy: 'PerAgent' },
      integration: {
        push: { branch: 'result' },
        fastForward: 'release',
        pullRequest: { command: ['sh', '-c', opened] },
      },
      verification: { commands: [{ argv: ['sh', '-c', check] }] },
      ...COMMITTED,
    };
    const first = await world.start();
    world.spec('web.yaml', projectYaml('web', { a: SLEEP, b: SLEEP }, spec));
    await world.ready('web');
    for (const agent of ['a', 'b']) work(repository, treeOf(world, agent), { [`${agent}.txt`]: 'x\n' });
    const [pid = ''] = await until('it is being verified', () => readFileSync(path('pids'), 'utf8').match(/\d+\n/g));
    await first.end('SIGKILL');
    expect(lives(pid)).toBe(true);
    await world.start();
    await until('it is verified anew', () => readFileSync(path('pids'), 'utf8').match(/\d+\n/g)?.length === 2);
    expect(lives(pid)).toBe(false);
    expect(remote.git('for-each-ref')).toBe('');
    writeFileSync(path('go'), '');
    const done = await stage(world, 'web', 'Finished');
    const commit = repository.git('rev-parse', RESULT);
    expect(done).toMatchObject({ phase: 'Completed', verification: { state: 'Passed', commit } });
    const short = commit.slice(0, 12);
    expect(done?.integration?.published?.slice(0, 2)).toEqual([
      `release is at ${short}`,
      `origin: result is at ${short}`,
    ]);
    expect(done?.integration?.published?.[2]).toMatch(/: https:\/\/example\.org\/1$/);
    expect(remote.git('for-each-ref', '--format=%(refname) %(objectname)')).toBe(`refs/heads/result ${commit}`);
    expect(repository.git('rev-parse', 'release')).toBe(commit);
    expect(repository.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(readFileSync(path('opened'), 'utf8')).toBe(`${RESULT} ${commit}\n`);
    expect(workTreesOf(repository)).toHaveLength(3);
  }));

test('[S115] a round ends when its project is suspended, and with down, also if the controller was killed before', () =>
  withWorld(async (world) => {
    const pids = (): readonly string[] => readFileSync(join(world.work, 'pids'), 'utf8').split('\n').filter(Boolean);
    const gone = (pid: string | undefined): Promise<true> => until(`${pid} has ended`, () => !lives(pid));
    const hang = 'echo $$ >>pids; exec sleep 100000';
    const spec = {
      workingDir: world.work,
      completion: { rules: [{ file: { path: 'done' } }] },
      verification: { commands: [{ argv: ['sh', '-c', hang] }] },
    };
    const first = await world.start();
    world.spec('web.yaml', projectYaml('web', { a: SLEEP }, spec));
    await world.ready('web');
    write(world.work, { done: '' });
    const one = await until('it is verified', () => pids()[0]);
    await world.muxlet('suspend', 'project', 'web');
    await gone(one);
    await world.muxlet('resume', 'project', 'web');
    const two = await until('it is verified anew', () => pids()[1]);
    await first.end('SIGKILL');
    expect(lives(two)).toBe(true);
    expect((await world.muxlet('down', '--yes')).code).toBe(0);
    await gone(two);
  }));
