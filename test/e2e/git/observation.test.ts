import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { standIn } from '../health/stand-in.ts';
import { conditionOf } from '../health/support.ts';
import { metric } from '../support/scrape.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository } from './repository.ts';

const gitOf = (world: World, agent: string) => world.agent('web', agent)?.git;

test(
  '[S160] [S164] [S155] what agents commit, rewrite and check out is shown as it is, and left alone',
  () =>
    withWorld(async (world) => {
      const repository = await makeRepository(join(world.root, 'shop'));
      const [one, two] = [await repository.workTree('one'), await repository.workTree('two')];
      const base = await repository.git(['rev-parse', 'HEAD']);
      // What a person has in the checkout: another branch, something staged, changed, new and stashed.
      await repository.git(['checkout', '--quiet', '-b', 'mine']);
      await repository.commit(repository.path, 'notes');
      writeFileSync(join(repository.path, 'README'), 'to be stashed');
      await repository.git(['stash', 'push', '--quiet']);
      writeFileSync(join(repository.path, 'README'), 'changed');
      writeFileSync(join(repository.path, 'staged'), '');
      await repository.git(['add', 'staged']);
      writeFileSync(join(repository.path, 'new'), '');
      const ofPerson = async () => ({
        index: readFileSync(join(repository.path, '.git', 'index')),
        head: readFileSync(join(repository.path, '.git', 'HEAD'), 'utf8'),
        config: readFileSync(join(repository.path, '.git', 'config'), 'utf8'),
        stash: await repository.git(['stash', 'list']),
        mine: await repository.git(['rev-parse', 'mine']),
      });
      const before = await ofPerson();
      const agents = {
        one: { command: SLEEP, workingDir: one },
        two: { command: SLEEP, workingDir: two },
        lead: { command: SLEEP, workingDir: repository.path },
        none: { command: SLEEP, workingDir: world.work },
      };
      world.spec('web.yaml', projectYaml('web', agents));
      const running = await world.start();
      await world.ready('web');
      await until('it is looked at', () => gitOf(world, 'one')?.head === base && gitOf(world, 'two')?.head === base);
      expect(gitOf(world, 'one')).toMatchObject({
        state: 'Known',
        branch: 'one',
        base,
        ahead: 0,
        behind: 0,
        changed: 0,
      });
      await until('the checkout is seen', () => gitOf(world, 'lead') !== undefined);
      expect(gitOf(world, 'lead')).toMatchObject({ branch: 'mine', changed: 2, untracked: 1, ahead: 0 });
      expect(gitOf(world, 'none')).toBeUndefined();

      const head = await repository.commit(one, 'a', 'the first\n\nand more');
      await until('the commit is shown', () => gitOf(world, 'one')?.head === head, 10_000);
      expect(gitOf(world, 'one')).toMatchObject({ ahead: 1, behind: 0, subject: 'the first' });
      // The heads of agents differ, and that is normal.
      const other = await repository.commit(two, 'b');
      await until('the other is shown', () => gitOf(world, 'two')?.head === other, 10_000);
      expect(conditionOf(world.status('web')?.status, 'Ready')?.status).toBe('True');
      expect(conditionOf(world.status('web')?.status, 'Progressing')).toMatchObject({
        status: 'True',
        message: 'seen by: start, commits',
      });

      // Rewritten: amended, so that the base is still below; then thrown away for a history of its own.
      await repository.git(['commit', '--quiet', '--amend', '--message=again'], one);
      await until('it is shown', () => gitOf(world, 'one')?.subject === 'again', 10_000);
      expect(gitOf(world, 'one')).toMatchObject({ ahead: 1, behind: 0, base });
      const empty = await repository.git(['commit-tree', `${base}^{tree}`, '-m', 'from nothing']);
      await repository.git(['update-ref', 'refs/heads/one', empty]);
      await until('it is shown', () => gitOf(world, 'one')?.head === empty, 10_000);
      expect(gitOf(world, 'one')).toMatchObject({ branch: 'one', ahead: 1, behind: 1, base });
      // Detached, in the middle of a merge that conflicts.
      await repository.git(['checkout', '--quiet', '--detach', other], two);
      await until('it is shown', () => gitOf(world, 'two')?.branch === undefined, 10_000);
      await repository.git(['checkout', '--quiet', '-b', 'rival', base], two);
      await repository.commit(two, 'b', 'another b');
      writeFileSync(join(two, 'b'), 'rivals');
      await repository.git(['commit', '--quiet', '--all', '--message=rivals'], two);
      await repository.git(['merge', '--quiet', other], two).catch(() => undefined);
      await until('it is shown', () => gitOf(world, 'two')?.operation === 'merge', 10_000);
      expect(gitOf(world, 'two')).toMatchObject({ branch: 'rival', changed: 1 });

      const wide = (await world.muxlet('get', 'agents', '-o', 'wide')).stdout;
      expect(wide).toMatch(/BRANCH +AHEAD +DIRTY +LAST COMMIT/);
      expect(wide).toMatch(new RegExp(`one +1 \\(1 behind\\) +\\d+ +${empty.slice(0, 7)} \\(`));
      expect(wide).toMatch(/rival\|merge +2 +1 /);
      expect((await world.muxlet('describe', 'project', 'web')).stdout).toMatch(
        /Ahead: +1 \(1 behind\) of [0-9a-f]{7}/,
      );
      expect(await metric(running, 'muxlet_agent_git_behind{project="web",agent="one"}')).toBe(1);
      expect(await metric(running, 'muxlet_git_looks_total{result="success"}')).toBeGreaterThan(5);
      expect((await world.muxlet('events', '--for', 'project/web')).stdout).not.toContain('Warning');

      // A restart forgets nothing of what it is counted from.
      await running.end();
      const later = await repository.commit(one, 'c');
      await world.start();
      await until('it is shown', () => gitOf(world, 'one')?.head === later);
      expect(gitOf(world, 'one')).toMatchObject({ base, ahead: 2, behind: 1 });
      expect(await ofPerson()).toEqual(before);
      expect(await repository.git(['rev-parse', 'one'])).toBe(later);
      expect(existsSync(join(repository.path, '.git', 'worktrees', 'shop-two', 'MERGE_HEAD'))).toBe(true);

      // Corrupt: said of that agent alone, what was known stays said, and it comes back by itself.
      const link = join(one, '.git');
      const text = readFileSync(link, 'utf8');
      writeFileSync(link, 'gitdir: /nonexistent');
      world.spec(
        'web.yaml',
        projectYaml('web', { ...agents, one: { ...agents.one, env: [{ name: 'X', value: '1' }] } }),
      );
      await until('it is said', () => gitOf(world, 'one')?.state === 'Unknown');
      expect(gitOf(world, 'one')).toMatchObject({ branch: 'one', head: later, message: expect.any(String) });
      expect(gitOf(world, 'two')?.state).toBe('Known');
      writeFileSync(link, text);
      await until('it is known again', () => gitOf(world, 'one')?.state === 'Known', 60_000);
    }),
  120_000,
);

test(
  '[S161] work that lies uncommitted is spoken of once; a clean work tree never',
  () =>
    withWorld(async (world) => {
      const coder = standIn(world);
      // Each is typed once; how often it is submitted, while nothing shows that it was taken, is another thing.
      const told = (agent: string): number => coder.bytes(agent).split('[msg ').length - 1;
      const repository = await makeRepository(join(world.root, 'shop'));
      const one = join(`${repository.path}.worktrees`, 'web', 'one');
      const agents = { one: { class: 'coder' }, two: { class: 'coder' } };
      const workTree = { policy: 'PerAgent', remindAfter: '3s' };
      world.spec('web.yaml', projectYaml('web', agents, { repo: repository.path, workTree }));
      const first = await world.start();
      await world.ready('web');
      await until('it is looked at', () => gitOf(world, 'one') !== undefined);
      const base = await repository.git(['rev-parse', 'main']);
      expect(gitOf(world, 'one')).toMatchObject({ branch: 'muxlet/web/one', base, ahead: 0, changed: 0, untracked: 0 });
      writeFileSync(join(one, 'a'), '');
      await repository.git(['add', 'a'], one);
      await until('it is seen', () => gitOf(world, 'one')?.dirtySince !== undefined, 10_000);
      // Committed before its time: nothing is said, and the next begins anew.
      await repository.git(['commit', '--quiet', '--message=a'], one);
      await until('it is clean', () => gitOf(world, 'one')?.dirtySince === undefined, 10_000);
      writeFileSync(join(one, 'b'), '');
      await repository.git(['add', 'b'], one);
      await until('it is told', () => coder.heard('one').length === 1, 20_000);
      const { dirtySince = '', remindedAt = '' } = gitOf(world, 'one') ?? {};
      expect(Date.parse(remindedAt) - Date.parse(dirtySince)).toBeGreaterThanOrEqual(3500);
      expect(coder.heard('one')[0]).toMatch(
        /^\[msg \w+\] In your working directory work has lain uncommitted for \d+ sec/,
      );
      await first.end('SIGKILL');
      await world.start();
      await until('it is looked at', () => gitOf(world, 'one')?.remindedAt !== undefined);
      await holds('it is said once', 4500, () => told('one') === 1);
      expect(told('two')).toBe(0);
      const events = (await world.muxlet('events', '--for', 'project/web')).stdout;
      expect(events.match(/UncommittedWork/g)).toHaveLength(1);
    }),
  60_000,
);

test(
  '[S162] an agent that commits, rebases and cleans up is never in the way of a look, and no look in its way',
  () =>
    withWorld(async (world) => {
      const repository = await makeRepository(join(world.root, 'shop'));
      const tree = await repository.workTree('one');
      world.spec('web.yaml', projectYaml('web', { one: { command: SLEEP, workingDir: tree } }));
      const running = await world.start();
      await world.ready('web');
      await until('it is looked at', () => gitOf(world, 'one') !== undefined);
      // Whatever would take a lock or write an index meanwhile would make one of these fail.
      for (let round = 0; round < 40; round += 1) await repository.commit(tree, `file-${round}`);
      const head = await repository.git(['rev-parse', 'HEAD'], tree);
      await repository.git(['gc', '--quiet', '--prune=now'], tree);
      await repository.git(['rebase', '--quiet', '--force-rebase', 'main'], tree);
      await repository.git(['reset', '--quiet', '--hard', head], tree);
      await until('all of it is shown', () => gitOf(world, 'one')?.head === head && gitOf(world, 'one')?.ahead === 40);
      // A lock that is held, for however long: what it guards is read, and the lock stays.
      const lock = join(repository.path, '.git', 'worktrees', 'shop-one', 'index.lock');
      writeFileSync(lock, '');
      writeFileSync(join(tree, 'new'), '');
      await until('it is seen', () => gitOf(world, 'one')?.untracked === 1);
      expect(gitOf(world, 'one')).toMatchObject({ state: 'Known', head });
      expect(existsSync(lock)).toBe(true);
      rmSync(lock);
      expect(await metric(running, 'muxlet_git_looks_total{result="error"}')).toBe(0);
    }),
  60_000,
);
