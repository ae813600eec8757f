import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { makeRepository } from './support.ts';

const PER_AGENT = { workTree: { policy: 'PerAgent' } };

test('[S18] [S155] each agent works in a work tree and a branch of its own, and the checkout stays as it is', () =>
  withWorld(async (world) => {
    const repo = makeRepository(world, 'app');
    const base = repo.commit({ 'a.txt': 'one\n' });
    const before = repo.fingerprint();
    await world.start();
    const command = ['sh', '-c', 'pwd -P > cwd.out; exec sleep 100000'];
    world.spec('web.yaml', projectYaml('web', { dev: command, ops: SLEEP }, { repo: repo.path, ...PER_AGENT }));
    await world.ready('web');
    const dev = world.agent('web', 'dev');
    const path = join(world.root, 'app.worktrees/web/dev');
    expect(dev?.workTree).toEqual({ path, branch: 'muxlet/web/dev', base, state: 'Ready' });
    const seen = await until('it says where it is', () => readFileSync(join(path, 'cwd.out'), 'utf8'));
    expect(seen).toBe(`${realpathSync(path)}\n`);
    expect(repo.gitIn(path, 'symbolic-ref', '--short', 'HEAD')).toBe('muxlet/web/dev');
    expect(repo.fingerprint()).toEqual(before);
    expect(world.status('web')?.status.base).toBe(base);
  }));
