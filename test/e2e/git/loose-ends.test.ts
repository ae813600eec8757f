import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository } from './support.ts';

const tree = (world: World, project: string, agent: string): string =>
  join(world.root, 'app.worktrees', project, agent);

async function remove(world: World, project: string): Promise<void> {
  rmSync(join(world.specs, `${project}.yaml`));
  await until(`${project} is gone`, () => world.status(project) === undefined, 30_000);
}

test(
  '[S115] [S151] what git itself would let go with a work tree is kept: in the index, under way, within, and detached',
  () =>
    withWorld(async (world) => {
      const repo = makeRepository(world, 'app');
      const { git, gitIn } = repo;
      repo.commit({ 'a.txt': 'one\n', '.gitignore': 'vendor/\n' });
      const first = await world.start();
      const spec = (onDelete: string) => ({ repo: repo.path, workTree: { policy: 'PerAgent', onDelete } });
      world.spec('keep.yaml', projectYaml('keep', { nested: SLEEP, rebasing: SLEEP, gone: SLEEP }, spec('Keep')));
      world.spec('save.yaml', projectYaml('save', { staged: SLEEP, rebasing: SLEEP, nested: SLEEP }, spec('Save')));
      await Promise.all(['keep', 'save'].map((name) => world.ready(name)));
      const of = (project: string, agent: string): string => tree(world, project, agent);
      const commitIn = (path: string, name: string): string => {
        writeFileSync(join(path, name), 'work\n');
        gitIn(path, 'add', '.');
        gitIn(path, 'commit', '--quiet', '--message', name);
        return gitIn(path, 'rev-parse', 'HEAD');
      };

      // A repository of its own where git ignores it.
      for (const project of ['keep', 'save']) {
        const vendor = join(of(project, 'nested'), 'vendor', 'lib');
        mkdirSync(vendor, { recursive: true });
        gitIn(vendor, 'init', '--quiet');
        commitIn(vendor, 'work.txt');
      }
      // A rebase that has put something aside, and stands on a clean tree.
      for (const project of ['keep', 'save']) {
        const path = of(project, 'rebasing');
        commitIn(path, 'b.txt');
        writeFileSync(join(path, 'a.txt'), 'put aside\n');
        expect(() => gitIn(path, 'rebase', '--autostash', '--exec', 'false', 'HEAD~1')).toThrow();
        expect(gitIn(path, 'status', '--porcelain')).toBe('');
      }
      // Commits of nobody's, in a folder that is gone.
      gitIn(of('keep', 'gone'), 'checkout', '--quiet', '--detach');
      const lost = commitIn(of('keep', 'gone'), 'lost.txt');
      // Staged, and not in the file any more.
      writeFileSync(join(of('save', 'staged'), 'a.txt'), 'staged only\n');
      gitIn(of('save', 'staged'), 'add', 'a.txt');
      writeFileSync(join(of('save', 'staged'), 'a.txt'), 'one\n');

      rmSync(of('keep', 'gone'), { recursive: true });
      await Promise.all(['keep', 'save'].map((name) => remove(world, name)));
      for (const project of ['keep', 'save']) {
        expect(existsSync(join(of(project, 'nested'), 'vendor', 'lib', 'work.txt'))).toBe(true);
      }
      expect(existsSync(of('keep', 'rebasing'))).toBe(true);
      const kept = git('log', '-p', '-m', '--format=%H', '--glob=refs/muxlet/kept/*');
      for (const text of [lost, 'staged only', 'put aside']) expect(kept).toContain(text);
      // All that was saved is seen and gone.
      for (const agent of ['staged', 'rebasing']) expect(existsSync(of('save', agent))).toBe(false);

      // What a killed controller left of a round goes as well where the project has gone meanwhile.
      const going = join(world.root, 'going');
      const verification = { commands: [{ argv: ['sh', '-c', `touch ${going}; sleep 600`] }] };
      const proof = { ...spec('Keep'), completion: { rules: [{ commits: {} }] }, verification };
      world.spec('proof.yaml', projectYaml('proof', { dev: SLEEP }, proof));
      await world.ready('proof');
      commitIn(of('proof', 'dev'), 'c.txt');
      await until('it is verified', () => existsSync(going));
      await first.end('SIGKILL');
      rmSync(join(world.specs, 'proof.yaml'));
      await world.start();
      await until('proof is gone', () => world.status('proof') === undefined);
      // Git forgets the work tree before the folder around it goes.
      const folder = join(world.root, 'app.worktrees', 'proof');
      await until('its round is', () => !git('worktree', 'list').includes('.verification') && !existsSync(folder));
    }),
  120_000,
);
