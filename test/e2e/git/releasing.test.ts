import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { KeptWork } from '../../../controller/api/generated/all.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository, type Repository } from './support.ts';

const tree = (world: World, project: string, agent: string): string =>
  join(world.root, 'app.worktrees', project, agent);

async function remove(world: World, project: string): Promise<void> {
  rmSync(join(world.specs, `${project}.yaml`));
  await until(`${project} is gone`, () => world.status(project) === undefined);
}

async function keptOf(world: World, project: string): Promise<string> {
  const { stdout } = await world.muxlet('events', '--for', `project/${project}`, '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { reason: string; message: string }[] };
  return items.flatMap(({ reason, message }) => (reason === 'WorkKept' ? [message] : [])).join('\n');
}

function commitIn(repo: Repository, path: string, name: string): string {
  writeFileSync(join(path, name), 'done\n');
  repo.gitIn(path, 'add', name);
  repo.gitIn(path, 'commit', '--quiet', '--message', name);
  return repo.gitIn(path, 'rev-parse', 'HEAD');
}

const refs = (repo: Repository, where: string): string[] =>
  repo
    .git('for-each-ref', '--format=%(refname)', where)
    .split('\n')
    .filter((line) => line !== '');

test('[S151] [S115] nothing that is nowhere else is lost when work trees go, and what is kept is told', () =>
  withWorld(async (world) => {
    const repo = makeRepository(world, 'app');
    repo.commit({ 'a.txt': 'one\n', '.gitignore': 'ignored.txt\n' });
    await world.start();
    const agents = { clean: SLEEP, dirty: SLEEP, ahead: SLEEP, merged: SLEEP, loose: SLEEP };
    const spec = (onDelete: string) => ({ repo: repo.path, workTree: { policy: 'PerAgent', onDelete } });
    world.spec('keep.yaml', projectYaml('keep', agents, spec('Keep')));
    world.spec('save.yaml', projectYaml('save', agents, spec('Save')));
    world.spec('drop.yaml', projectYaml('drop', agents, spec('Discard')));
    const names = ['keep', 'save', 'drop'];
    await Promise.all(names.map((name) => world.ready(name)));
    const main = repo.fingerprint();
    const commits = new Map<string, string>();
    for (const name of names) {
      const of = (agent: string): string => tree(world, name, agent);
      writeFileSync(join(of('clean'), 'ignored.txt'), 'of no worth\n');
      writeFileSync(join(of('dirty'), 'a.txt'), 'changed\n');
      writeFileSync(join(of('dirty'), 'new.txt'), 'new\n');
      commits.set(`${name} ahead`, commitIn(repo, of('ahead'), 'ahead.txt'));
      commits.set(`${name} merged`, commitIn(repo, of('merged'), `${name}.txt`));
      repo.git('branch', `landed-${name}`, `muxlet/${name}/merged`);
      repo.gitIn(of('loose'), 'checkout', '--quiet', '--detach');
      commits.set(`${name} loose`, commitIn(repo, of('loose'), 'loose.txt'));
    }
    await Promise.all(names.map((name) => remove(world, name)));
    const left = repo.git('worktree', 'list', '--porcelain');
    for (const name of names) {
      for (const agent of ['clean', 'ahead', 'merged', 'loose'])
        expect(existsSync(tree(world, name, agent))).toBe(false);
      expect(refs(repo, `refs/heads/muxlet/${name}/`)).toContain(`refs/heads/muxlet/${name}/ahead`);
      expect(refs(repo, `refs/heads/muxlet/${name}/`)).not.toContain(`refs/heads/muxlet/${name}/merged`);
      expect(refs(repo, `refs/heads/muxlet/${name}/`)).not.toContain(`refs/heads/muxlet/${name}/clean`);
      expect(repo.git('rev-parse', `muxlet/${name}/ahead`)).toBe(commits.get(`${name} ahead`));
      const [loose = ''] = refs(repo, `refs/muxlet/kept/${name}/loose/`);
      expect(repo.git('rev-parse', loose)).toBe(commits.get(`${name} loose`));
      const told = await keptOf(world, name);
      expect(told).toContain(`muxlet/${name}/ahead`);
      expect(told).toContain(loose);
    }
    // Kept: as it was, and free for a person.
    expect(readFileSync(join(tree(world, 'keep', 'dirty'), 'a.txt'), 'utf8')).toBe('changed\n');
    expect(await keptOf(world, 'keep')).toContain(tree(world, 'keep', 'dirty'));
    expect(left).toContain(tree(world, 'keep', 'dirty'));
    expect(left).not.toContain('locked');
    // Saved: tracked and untracked, and nothing that is ignored.
    expect(existsSync(tree(world, 'save', 'dirty'))).toBe(false);
    const [saved = ''] = refs(repo, 'refs/muxlet/kept/save/dirty/');
    expect(repo.git('show', `${saved}:a.txt`)).toBe('changed');
    expect(repo.git('show', `${saved}:new.txt`)).toBe('new');
    expect(repo.git('ls-tree', '--name-only', saved)).not.toContain('ignored.txt');
    // Discarded, and only that.
    expect(existsSync(tree(world, 'drop', 'dirty'))).toBe(false);
    expect(refs(repo, 'refs/muxlet/kept/drop/dirty/')).toEqual([]);
    const after = repo.fingerprint() as { branches: string[] };
    expect({ ...after, branches: after.branches.filter((line) => !line.includes('landed-')) }).toEqual(main);

    // It comes back under the same name: what was kept is taken up where it stands.
    world.spec('keep.yaml', projectYaml('keep', { dirty: SLEEP, ahead: SLEEP }, spec('Keep')));
    await world.ready('keep');
    expect(readFileSync(join(tree(world, 'keep', 'dirty'), 'a.txt'), 'utf8')).toBe('changed\n');
    expect(existsSync(join(tree(world, 'keep', 'ahead'), 'ahead.txt'))).toBe(true);
    // An agent that is removed leaves the same way, while the others work.
    world.spec('keep.yaml', projectYaml('keep', { dirty: SLEEP }, spec('Keep')));
    const kept = await until('it is told in the status', () => {
      const found: readonly KeptWork[] = world.status('keep')?.status.kept ?? [];
      return found.find(({ agent, branch }) => agent === 'ahead' && branch === 'muxlet/keep/ahead');
    });
    expect(kept.commit).toBe(commits.get('keep ahead'));
    expect(existsSync(tree(world, 'keep', 'ahead'))).toBe(false);
    expect(world.agent('keep', 'dirty')?.pid).toBeDefined();
    // Reset with the flag: the same work tree goes on; without it, a new one, and the old work is saved.
    const uid = world.status('keep')?.metadata.uid;
    const begunAnew = async (...flags: readonly string[]): Promise<void> => {
      const old = world.status('keep')?.metadata.uid;
      expect((await world.muxlet('reset', 'project', 'keep', ...flags)).code).toBe(0);
      await until('it begins anew', () => {
        return world.status('keep')?.metadata.uid !== old && world.agent('keep', 'dirty')?.pid !== undefined;
      });
    };
    await begunAnew('--keep-worktrees');
    expect(world.status('keep')?.metadata.uid).not.toBe(uid);
    expect(readFileSync(join(tree(world, 'keep', 'dirty'), 'a.txt'), 'utf8')).toBe('changed\n');
    await begunAnew();
    expect(readFileSync(join(tree(world, 'keep', 'dirty'), 'a.txt'), 'utf8')).toBe('one\n');
    const [again = ''] = refs(repo, 'refs/muxlet/kept/keep/dirty/');
    expect(repo.git('show', `${again}:new.txt`)).toBe('new');
    expect(world.status('keep')?.status.kept?.some(({ ref }) => ref === again)).toBe(true);
  }));
