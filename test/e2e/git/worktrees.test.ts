import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository, type Repository } from './support.ts';

const PER_AGENT = { workTree: { policy: 'PerAgent' } };

const treeOf = (world: World, project: string, agent: string) => world.agent(project, agent)?.workTree;
const runs = (world: World, project: string, agent: string) => world.agent(project, agent)?.pid !== undefined;

function failedWith(world: World, project: string, agent: string, reason: string): Promise<string> {
  return until(`${agent} of ${project} says ${reason}`, () => {
    const tree = treeOf(world, project, agent);
    return tree?.state === 'Failed' && tree.reason === reason && (tree.message ?? '');
  });
}

function branchOf(repo: Repository, tree: string): string {
  return repo.gitIn(tree, 'symbolic-ref', '--short', 'HEAD');
}

test('[S17] [S18] [S149] [S150] [S154] [S155] each agent gets a work tree of its own, or says why not, and nothing that is not ours is touched', () =>
  withWorld(async (world) => {
    const repo = makeRepository(world, 'app');
    const base = repo.commit({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    // A person's checkout in the middle of something, on a branch of its own, with a stash and a hook.
    repo.git('checkout', '--quiet', '-b', 'mine');
    writeFileSync(join(repo.path, 'a.txt'), 'stashed\n');
    repo.git('stash');
    writeFileSync(join(repo.path, 'a.txt'), 'changed\n');
    writeFileSync(join(repo.path, 'b.txt'), 'staged\n');
    repo.git('add', 'b.txt');
    writeFileSync(join(repo.path, 'notes.txt'), 'mine\n');
    writeFileSync(join(repo.path, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${world.root}/hook-ran\n`, {
      mode: 0o755,
    });
    const trees = join(world.root, 'app.worktrees');
    mkdirSync(join(trees, 'web/plain'), { recursive: true });
    writeFileSync(join(trees, 'web/plain/letter.txt'), 'dear\n');
    repo.git('worktree', 'add', '--quiet', '-b', 'theirs', join(trees, 'web/foreign'));
    repo.git('branch', 'muxlet/web/taken', 'main');
    repo.git('worktree', 'add', '--quiet', join(world.root, 'elsewhere'), 'muxlet/web/taken');
    rmSync(join(world.root, 'hook-ran'));
    const before = repo.fingerprint();
    await world.start();
    const command = ['sh', '-c', 'pwd -P > cwd.out; exec sleep 100000'];
    const agents = { dev: command, plain: SLEEP, foreign: SLEEP, taken: SLEEP };
    world.spec('web.yaml', projectYaml('web', agents, { repo: repo.path, ref: 'main', ...PER_AGENT }));
    symlinkSync(repo.path, join(world.root, 'link'));
    const shared = { workTree: { policy: 'Shared', location: 'State' } };
    world.spec(
      'api.yaml',
      projectYaml('api', { one: SLEEP, two: SLEEP }, { repo: join(world.root, 'link'), ...shared }),
    );
    await until('those who can, run', () => ['dev', 'taken'].every((agent) => runs(world, 'web', agent)));
    const path = join(trees, 'web/dev');
    expect(treeOf(world, 'web', 'dev')).toEqual({ path, branch: 'muxlet/web/dev', base, state: 'Ready' });
    const seen = await until('it says where it is', () => readFileSync(join(path, 'cwd.out'), 'utf8') || undefined);
    expect(seen).toBe(`${realpathSync(path)}\n`);
    expect(branchOf(repo, path)).toBe('muxlet/web/dev');
    expect(await failedWith(world, 'web', 'plain', 'WorkTreeForeign')).toContain('web/plain');
    expect(await failedWith(world, 'web', 'foreign', 'WorkTreeForeign')).toContain('did not make');
    expect(world.agent('web', 'plain')).toMatchObject({ state: 'Pending', reason: 'WorkTreeForeign' });
    expect(readFileSync(join(trees, 'web/plain/letter.txt'), 'utf8')).toBe('dear\n');
    expect(treeOf(world, 'web', 'taken')?.branch).toBe('muxlet/web/taken.2');
    expect(branchOf(repo, join(trees, 'web/taken'))).toBe('muxlet/web/taken.2');
    expect(branchOf(repo, join(world.root, 'elsewhere'))).toBe('muxlet/web/taken');
    const condition = world.status('web')?.status.conditions.find(({ type }) => type === 'WorkspaceReady');
    expect(condition).toMatchObject({ status: 'False', reason: 'WorkTreeForeign' });
    await world.ready('api');
    const common = join(realpathSync(world.state), 'worktrees/api/shared');
    expect(
      [treeOf(world, 'api', 'one')?.path, treeOf(world, 'api', 'two')?.path].map((one) => realpathSync(one ?? '')),
    ).toEqual([common, common]);
    expect(branchOf(repo, common)).toBe('muxlet/api/shared');
    expect(repo.fingerprint()).toEqual(before);
    expect(existsSync(join(world.root, 'hook-ran'))).toBe(false);

    // [S152] [S153] What is damaged is put right for the agent that it is of, and what cannot be is named.
    const restart = async (agent: string): Promise<void> => {
      const pid = world.agent('web', agent)?.pid ?? 0;
      signalProcess(pid, 'SIGKILL');
      await until(`${agent} runs again`, () => world.agent('web', agent)?.pid !== pid && runs(world, 'web', agent));
    };
    writeFileSync(join(path, 'staged.txt'), 'not committed\n');
    repo.gitIn(path, 'add', 'staged.txt');
    writeFileSync(join(path, '.git'), 'nonsense\n');
    await restart('dev');
    expect(branchOf(repo, path)).toBe('muxlet/web/dev');
    rmSync(path, { recursive: true });
    await restart('dev');
    expect(repo.gitIn(path, 'status', '--porcelain')).toBe('A  staged.txt\n?? cwd.out');
    const lost = join(trees, 'web/taken');
    const adminDir = repo.gitIn(lost, 'rev-parse', '--absolute-git-dir');
    rmSync(adminDir, { recursive: true });
    signalProcess(world.agent('web', 'taken')?.pid, 'SIGKILL');
    await failedWith(world, 'web', 'taken', 'WorkTreeBroken');
    expect(existsSync(join(lost, 'a.txt'))).toBe(true);
    // What was in the way is gone: nobody has to say so.
    rmSync(join(trees, 'web/plain'), { recursive: true });
    await until('it is tried again', () => runs(world, 'web', 'plain'), 20_000);
    expect(runs(world, 'web', 'dev')).toBe(true);
  }));
