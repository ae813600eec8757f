import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { makeRepository } from './support.ts';

interface Finding {
  readonly object: string;
  readonly state: string;
  readonly next: string;
  readonly letGo: string;
}

test(
  '[S151] an audit names what is wrong with work trees, and kept work is listed until it is let go',
  () =>
    withWorld(async (world) => {
      const repo = makeRepository(world, 'app');
      repo.commit({ 'a.txt': 'one\n' });
      const spec = (onDelete: string) => ({ repo: repo.path, workTree: { policy: 'PerAgent', onDelete } });
      world.spec('save.yaml', projectYaml('save', { dev: SLEEP, ops: SLEEP }, spec('Save')));
      world.spec('keep.yaml', projectYaml('keep', { dev: SLEEP }, spec('Keep')));
      const running = await world.start();
      await Promise.all([world.ready('save'), world.ready('keep')]);
      const audit = async () => {
        const { code, stdout } = await world.muxlet('audit', '-o', 'json');
        const { items } = JSON.parse(stdout) as { items: { kind: string; object: string }[] };
        return { code, found: items.map(({ kind, object }) => `${kind} ${object}`) };
      };
      const tree = (project: string, agent: string): string => join(`${repo.path}.worktrees`, project, agent);
      const rebase = (...args: string[]) => repo.gitIn(tree('save', 'dev'), 'rebase', ...args);
      repo.gitIn(tree('save', 'dev'), 'commit', '--quiet', '--allow-empty', '--message', 'empty');
      expect(() => rebase('--keep-empty', '--exec', 'false', 'HEAD~1')).toThrow();
      expect(await audit()).toEqual({ code: 0, found: [] });
      rebase('--abort');
      repo.gitIn(tree('save', 'dev'), 'reset', '--quiet', '--hard', 'HEAD~1');
      expect(await audit()).toEqual({ code: 0, found: [] });
      repo.gitIn(tree('save', 'ops'), 'checkout', '--quiet', '--detach');
      expect(await audit()).toEqual({ code: 1, found: ['BranchMoved agent/save.ops'] });

      for (const project of ['save', 'keep']) {
        writeFileSync(join(tree(project, 'dev'), 'a.txt'), 'changed\n');
        rmSync(join(world.specs, `${project}.yaml`));
      }
      for (const project of ['save', 'keep']) {
        await until(`${project} is gone`, () => world.status(project) === undefined);
      }
      await running.end();
      const kept = async (): Promise<readonly Finding[]> => {
        const { stdout } = await world.muxlet('recover', 'list', '-o', 'json');
        const { items } = JSON.parse(stdout) as { items: Finding[] };
        return items.filter(({ state }) => state === 'Kept');
      };
      const found = await kept();
      expect(found.map(({ object }) => object)).toEqual(['project/keep', 'project/save']);
      // Both commands are for a shell, as they stand there.
      const sh = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8', env: world.env });
      expect(found.map(({ next }) => sh(next)).join('\n')).toMatch(/modified: +a\.txt[^]*a\.txt \| 2 \+-/);
      expect(await audit()).toEqual({ code: 0, found: [] });
      for (const { letGo } of found) sh(letGo);
      expect(existsSync(tree('keep', 'dev'))).toBe(false);
      expect((await kept()).map(({ next }) => next)).toEqual([`git -C ${repo.path} log --stat -3 muxlet/keep/dev`]);
    }),
  60_000,
);
