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

test(
  '[S151] [S115] nothing that is nowhere else is lost when work trees go, and what is kept is told',
  () =>
    withWorld(async (world) => {
      const repo = makeRepository(world, 'app');
      repo.commit({ 'a.txt': 'one\n', '.gitignore': 'ignored.txt\n' });
      await world.start();
      const agents = { clean: SLEEP, dirty: SLEEP, ahead: SLEEP, merged: SLEEP, loose: SLEEP };
      const spec = (onDelete: string) => ({ repo: repo.path, workTree: { policy: 'PerAgent', onDelete } });
      world.spec('keep.yaml', projectYaml('keep', agents, spec('Keep')));
      world.spec('save.yaml', projectYaml('save', { dirty: SLEEP }, spec('Save')));
      world.spec('drop.yaml', projectYaml('drop', { dirty: SLEEP }, spec('Discard')));
      const names = ['keep', 'save', 'drop'];
      await Promise.all(names.map((name) => world.ready(name)));
      const main = repo.fingerprint();
      const of = (agent: string): string => tree(world, 'keep', agent);
      writeFileSync(join(of('clean'), 'ignored.txt'), 'of no worth\n');
      for (const name of names) {
        writeFileSync(join(tree(world, name, 'dirty'), 'a.txt'), 'changed\n');
        writeFileSync(join(tree(world, name, 'dirty'), 'new.txt'), 'new\n');
      }
      const ahead = commitIn(repo, of('ahead'), 'ahead.txt');
      commitIn(repo, of('merged'), 'merged.txt');
      repo.git('branch', 'landed', 'muxlet/keep/merged');
      repo.gitIn(of('loose'), 'checkout', '--quiet', '--detach');
      const loose = commitIn(repo, of('loose'), 'loose.txt');
      await Promise.all(names.map((name) => remove(world, name)));
      const left = repo.git('worktree', 'list', '--porcelain');
      for (const agent of ['clean', 'ahead', 'merged', 'loose']) expect(existsSync(of(agent))).toBe(false);
      expect(refs(repo, 'refs/heads/muxlet/')).toEqual([
        'refs/heads/muxlet/keep/ahead',
        'refs/heads/muxlet/keep/dirty',
      ]);
      expect(repo.git('rev-parse', 'muxlet/keep/ahead')).toBe(ahead);
      const [looseRef = ''] = refs(repo, 'refs/muxlet/kept/keep/loose/');
      expect(repo.git('rev-parse', looseRef)).toBe(loose);
      const told = await keptOf(world, 'keep');
      expect(told).toContain('muxlet/keep/ahead');
      expect(told).toContain(looseRef);
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
      expect({ ...after, branches: after.branches.filter((line) => !line.includes('refs/heads/landed')) }).toEqual(
        main,
      );

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
      expect(kept.commit).toBe(ahead);
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
    }),
  120_000,
);
