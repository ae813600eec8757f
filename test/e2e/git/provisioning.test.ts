import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { makeRepository, write } from './support.ts';

const tree = (world: World, project: string, agent: string): string =>
  join(world.root, 'app.worktrees', project, agent);

test('[S159] [S154] files are provided and a work tree is set up before its agent starts; what git would commit is not provided', () =>
  withWorld(async (world) => {
    const repo = makeRepository(world, 'app');
    repo.commit({ 'a.txt': 'one\n', '.gitignore': '.env\n*.local\nnode_modules\n' });
    write(repo.path, {
      '.env': 'TOKEN=mine\n',
      'CLAUDE.md': 'mine\n',
      'config/x.local': 'x\n',
      'other.local': 'not asked for\n',
      'node_modules/lib/index.js': 'lib\n',
      '.worktreeinclude': 'config/*.local\nCLAUDE.md\n',
    });
    const before = repo.fingerprint();
    writeFileSync(join(world.root, 'secret'), 'hunter2-hunter2\n');
    await world.start();
    const files = [{ path: '.env' }, { path: 'node_modules', mode: 'Link' }, { path: 'nothing', optional: true }];
    const setUp = {
      command: ['sh', '-c', 'echo "set up with $WORD"; test ! -e ../fail || exit 3; echo done > set-up.local'],
    };
    const env = [{ name: 'WORD', valueFrom: { file: join(world.root, 'secret') } }];
    const workTree = { policy: 'PerAgent', files, setUp };
    const starts = ['sh', '-c', 'cat set-up.local > started.local; exec sleep 100000'];
    world.spec('web.yaml', projectYaml('web', { dev: { command: starts, env } }, { repo: repo.path, workTree }));
    await world.ready('web');
    const dev = tree(world, 'web', 'dev');
    expect(await until('it has started', () => readFileSync(join(dev, 'started.local'), 'utf8') || undefined)).toBe(
      'done\n',
    );
    expect(readFileSync(join(dev, '.env'), 'utf8')).toBe('TOKEN=mine\n');
    expect(lstatSync(join(dev, 'node_modules')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(dev, 'config/x.local'), 'utf8')).toBe('x\n');
    expect(existsSync(join(dev, 'other.local'))).toBe(false);
    // It is not ignored: whoever adds everything would commit it.
    expect(existsSync(join(dev, 'CLAUDE.md'))).toBe(false);
    repo.gitIn(dev, 'add', '--all');
    expect(repo.gitIn(dev, 'status', '--porcelain')).toBe('');
    const { log = '' } = world.agent('web', 'dev')?.workTree ?? {};
    expect(readFileSync(log, 'utf8')).toBe('set up with [redacted]\n');

    const asked = { policy: 'PerAgent', files: [{ path: 'CLAUDE.md' }] };
    world.spec('two.yaml', projectYaml('two', { dev: SLEEP }, { repo: repo.path, workTree: asked }));
    write(join(world.root, 'app.worktrees'), { 'bad/fail': '' });
    world.spec('bad.yaml', projectYaml('bad', { dev: SLEEP }, { repo: repo.path, workTree }));
    const failed = (project: string, reason: string) =>
      until(`${project} says ${reason}`, () => world.agent(project, 'dev')?.workTree?.reason === reason);
    await failed('two', 'FileNotIgnored');
    await failed('bad', 'SetUpFailed');
    expect(world.agent('bad', 'dev')?.workTree?.message).toContain('exited with 3');
    rmSync(join(world.root, 'app.worktrees/bad/fail'));
    await world.ready('bad');
    // In the repository's own exclude file it is the person's to say so.
    writeFileSync(join(repo.path, '.git/info/exclude'), 'CLAUDE.md\n');
    await world.ready('two');
    expect(readFileSync(join(tree(world, 'two', 'dev'), 'CLAUDE.md'), 'utf8')).toBe('mine\n');
    rmSync(join(repo.path, '.git/info/exclude'));
    expect(repo.fingerprint()).toEqual(before);

    // A repository by its address is cloned, and its agents have branches of the clone.
    const remote = { repo: `file://${repo.path}`, ref: 'main' };
    world.spec('far.yaml', projectYaml('far', { dev: SLEEP }, remote));
    await world.ready('far');
    const far = world.agent('far', 'dev')?.workTree?.path ?? '';
    expect(far.startsWith(world.state)).toBe(true);
    expect(repo.gitIn(far, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('muxlet/far/dev');
    expect(repo.gitIn(far, 'remote', 'get-url', 'origin')).toBe(`file://${repo.path}`);
    world.spec('nowhere.yaml', projectYaml('nowhere', { dev: SLEEP }, { repo: `file://${world.root}/nothing` }));
    await failed('nowhere', 'RepositoryUnreachable');
    world.spec('nothing.yaml', projectYaml('nothing', { dev: SLEEP }, { repo: world.work, workTree: asked }));
    await failed('nothing', 'RepositoryUnreachable');
    for (const name of ['nowhere', 'nothing']) rmSync(join(world.specs, `${name}.yaml`));
    await until('what never had a work tree is not held', () =>
      ['nowhere', 'nothing'].every((name) => world.status(name) === undefined),
    );
    // A project that is held waits without a work tree.
    world.spec('waits.yaml', projectYaml('waits', { dev: SLEEP }, { repo: repo.path, workTree: asked, suspend: true }));
    await until('it is suspended', () => world.status('waits')?.status.phase === 'Suspended');
    expect(existsSync(tree(world, 'waits', 'dev'))).toBe(false);
  }));

test(
  'work trees are made once and lost never, however often the controller is killed, and without its state',
  () =>
    withWorld(async (world) => {
      const repo = makeRepository(world, 'app');
      const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}.txt`, `${at}\n`]));
      repo.commit({ ...many, '.gitignore': '*.local\n' });
      const setUp = { command: ['sh', '-c', 'sleep 0.2; echo x >> set-up.local'] };
      const agents = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, SLEEP]));
      const spec = projectYaml('web', agents, {
        repo: repo.path,
        workTree: { policy: 'PerAgent', setUp, onDelete: 'Save' },
      });
      world.spec('web.yaml', spec);
      for (const ms of [200, 350, 500]) {
        const running = await world.start();
        await new Promise((resolve) => setTimeout(resolve, ms));
        await running.end('SIGKILL');
      }
      let running = await world.start();
      await world.ready('web');
      const names = Object.keys(agents);
      for (const name of names) {
        const path = tree(world, 'web', name);
        expect(world.agent('web', name)?.workTree).toMatchObject({
          path,
          branch: `muxlet/web/${name}`,
          state: 'Ready',
        });
        expect(repo.gitIn(path, 'status', '--porcelain')).toBe('');
        expect(existsSync(join(path, 'set-up.local'))).toBe(true);
        writeFileSync(join(path, 'work.txt'), `of ${name}\n`);
      }
      const list = repo.git('worktree', 'list', '--porcelain');
      expect(list.match(/^worktree /gm)).toHaveLength(names.length + 1);

      // All of the state is lost: nobody is started anew, and each work tree is known by its mark.
      const pids = names.map((name) => world.agent('web', name)?.pid);
      await running.end('SIGKILL');
      rmSync(world.state, { recursive: true });
      running = await world.start();
      await world.ready('web');
      await until('the work trees are known', () =>
        names.every((name) => world.agent('web', name)?.workTree?.state === 'Ready'),
      );
      expect(names.map((name) => world.agent('web', name)?.pid)).toEqual(pids);
      expect(repo.git('worktree', 'list', '--porcelain')).toBe(list);
      expect(readFileSync(join(tree(world, 'web', 'a'), 'work.txt'), 'utf8')).toBe('of a\n');

      // Killed again and again while it lets go of them: each agent's work is saved.
      rmSync(join(world.specs, 'web.yaml'));
      for (const ms of [900, 300, 500]) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        await running.end('SIGKILL');
        running = await world.start();
      }
      await until('it is gone', () => world.status('web') === undefined, 30_000);
      expect(repo.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
      for (const name of names) {
        const saved = repo.git('for-each-ref', '--format=%(refname)', `refs/muxlet/kept/web/${name}/`).split('\n');
        expect(saved.map((ref) => repo.git('show', `${ref}:work.txt`))).toContain(`of ${name}`);
      }
      expect(repo.git('for-each-ref', 'refs/heads/muxlet/', 'refs/muxlet/base/')).toBe('');
      expect(existsSync(join(world.root, 'app.worktrees')) && readdirSync(join(world.root, 'app.worktrees'))).toBe(
        false,
      );
    }),
  120_000,
);
