import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOf } from '../course/support.ts';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { makeRepository, write } from './support.ts';

test(
  '[S151] once ttlAfterFinished is over work trees go; what is only there stays, is told, and is a person’s',
  () =>
    withWorld(async (world) => {
      const repo = makeRepository(world, 'app');
      repo.commit({ 'a.txt': 'one\n' });
      const tree = (project: string, agent: string): string => join(world.root, 'app.worktrees', project, agent);
      const rules = [{ file: { path: 'done.txt' }, of: 'Any' }];
      const spec = (onDelete: string, more: object = {}) => ({
        repo: repo.path,
        workTree: { policy: 'PerAgent', onDelete },
        completion: { rules },
        ttlAfterFinished: '1s',
        ...more,
      });
      const agents = { clean: SLEEP, ahead: SLEEP, dirty: SLEEP };
      const names = ['keep', 'save'];
      const write_ = (project: string, more: object = {}): void => {
        world.spec(`${project}.yaml`, projectYaml(project, agents, spec(project === 'keep' ? 'Keep' : 'Save', more)));
      };
      let running = await world.start();
      for (const name of names) write_(name);
      await Promise.all(names.map((name) => world.ready(name)));
      for (const name of names) {
        write(tree(name, 'ahead'), { 'ahead.txt': 'ahead\n' });
        repo.gitIn(tree(name, 'ahead'), 'add', '--all');
        repo.gitIn(tree(name, 'ahead'), 'commit', '--quiet', '--message', 'ahead');
        write(tree(name, 'dirty'), { 'done.txt': 'done\n' });
      }
      const keptOf = (name: string) => world.status(name)?.status.kept ?? [];
      await until(
        'all is told',
        () => names.every((name) => runOf(world, name)?.expiredAt && keptOf(name).length === 2),
        30_000,
      );
      expect(keptOf('keep')).toMatchObject([
        { agent: 'dirty', path: tree('keep', 'dirty'), message: expect.stringContaining('1 untracked') },
        { agent: 'ahead', branch: 'muxlet/keep/ahead' },
      ]);
      const [saved] = keptOf('save');
      expect(repo.git('show', `${saved?.ref}:done.txt`)).toBe('done');
      for (const name of names)
        for (const agent of ['clean', 'ahead']) expect(existsSync(tree(name, agent))).toBe(false);
      expect(existsSync(tree('save', 'dirty'))).toBe(false);
      // Nobody is said to have what is gone.
      await until('no work tree is shown', () => world.agent('save', 'dirty')?.workTree === undefined);
      expect(world.status('keep')?.status.phase).toBe('Completed');

      // A person has it now: they commit, and the controller is started anew.
      await running.end('SIGKILL');
      repo.gitIn(tree('keep', 'dirty'), 'add', '--all');
      repo.gitIn(tree('keep', 'dirty'), 'commit', '--quiet', '--message', 'by a person');
      running = await world.start();
      await until('it knows the project', () => world.agent('keep', 'clean') !== undefined);

      // The project runs again: with the work that was kept, and new work trees where they went.
      for (const name of names) write_(name, { goal: 'more', completion: undefined });
      await Promise.all(names.map((name) => world.ready(name)));
      expect(repo.gitIn(tree('keep', 'dirty'), 'log', '-1', '--format=%s')).toBe('by a person');
      for (const name of names) {
        expect(readFileSync(join(tree(name, 'ahead'), 'ahead.txt'), 'utf8')).toBe('ahead\n');
        expect(existsSync(join(tree(name, 'clean'), 'a.txt'))).toBe(true);
      }
      expect(existsSync(join(tree('save', 'dirty'), 'done.txt'))).toBe(false);
      expect(keptOf('keep')).toHaveLength(2);
    }),
  120_000,
);
