import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stage } from '../course/support.ts';
import { serveGit } from '../gitsource/git-server.ts';
import { allArguments, everything } from '../support/traces.ts';
import { projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { serveSsh } from './ssh-server.ts';
import { makeRepository, type Repository, write } from './support.ts';

const PASSWORD = 'pa55-of-the-repository';

/** Bare repositories as a server has them, all of the same history. */
function makeRemotes(world: World, names: readonly string[]): (name: string) => Repository {
  const source = makeRepository(world, 'source');
  source.commit({ 'README.md': 'shop\n' });
  const all = new Map(
    names.map((name) => {
      const remote = makeRepository(world, `served/${name}.git`, '--bare');
      source.git('push', '--quiet', remote.path, 'main');
      return [name, remote];
    }),
  );
  return (name) => all.get(name) ?? source;
}

/** What an agent does. */
function work(world: World, repository: Repository, project: string): string {
  const tree = world.agent(project, 'dev')?.workTree?.path ?? '';
  write(tree, { 'work.txt': `of ${project}\n` });
  repository.gitIn(tree, 'add', '--all');
  repository.gitIn(tree, 'commit', '--quiet', '--message', 'work');
  return repository.gitIn(tree, 'rev-parse', 'HEAD');
}

const treeOf = (world: World, project: string) => world.agent(project, 'dev')?.workTree;

/** Waits until the repository could not be had, and gives what is said of it. */
function unreachable(world: World, project: string, words: RegExp): Promise<string> {
  return until(`${project} says why`, () => {
    const { reason, message = '' } = treeOf(world, project) ?? {};
    return reason === 'RepositoryUnreachable' && words.test(message) && message;
  });
}

const PUSHED = {
  ref: 'main',
  integration: { push: { branch: 'result' } },
  completion: { rules: [{ commits: {} }] },
};

test(
  '[S154] [S158] repositories behind a password and behind ssh: reached with what the spec names, asked nothing, waited for by nobody',
  () =>
    withWorld(async (world) => {
      const remote = makeRemotes(world, ['web', 'env', 'wrong', 'none', 'slow', 'ssh']);
      const server = await serveGit(join(world.root, 'served'), { user: 'team', password: PASSWORD });
      const ssh = await serveSsh(join(world.root, 'ssh'));
      try {
        const path = (name: string): string => join(world.root, name);
        for (const file of ['password', 'wrong'])
          writeFileSync(path(file), file === 'wrong' ? 'no\n' : `${PASSWORD}\n`);
        world.env['APP_PASSWORD'] = PASSWORD;
        // Who keeps passwords for the user is not told of those of a spec.
        writeFileSync(path('home/.gitconfig'), `[credential]\n\thelper = "!f() { tee -a ${path('asked')}; }; f"\n`);
        const from = (name: string, credentials?: object) => ({
          repo: `${server.url}/${name}.git`,
          ...PUSHED,
          ...(credentials && { credentials: { username: 'team', ...credentials } }),
        });
        const overSsh = (identityFile: string, knownHostsFile: string) => ({
          repo: `${ssh.url}${path('served')}/ssh.git`,
          ...PUSHED,
          credentials: { identityFile, knownHostsFile },
        });
        const specs = {
          web: from('web', { password: { file: path('password') } }),
          env: from('env', { password: { env: 'APP_PASSWORD' } }),
          wrong: from('wrong', { password: { file: path('wrong') } }),
          none: from('none'),
          ssh: overSsh(ssh.identity, ssh.known),
          nobody: { ...overSsh(ssh.stranger, ssh.known), repo: `${ssh.url}${path('served')}/web.git` },
          changed: { ...overSsh(ssh.identity, ssh.changed), repo: `${ssh.url}${path('served')}/env.git` },
          unknown: { ...overSsh(ssh.identity, ssh.empty), repo: `${ssh.url}${path('served')}/none.git` },
        };
        const first = await world.start();
        const args: string[] = [];
        const watch = setInterval(() => args.push(...allArguments()), 100);
        try {
          for (const [name, spec] of Object.entries(specs))
            world.spec(`${name}.yaml`, projectYaml(name, { dev: SLEEP }, spec));
          await unreachable(world, 'wrong', /Authentication failed/);
          // The right one is taken as soon as it is there.
          writeFileSync(path('wrong'), PASSWORD);
          await unreachable(world, 'none', /could not read Username|terminal prompts disabled/);
          await unreachable(world, 'nobody', /Permission denied/);
          await unreachable(world, 'changed', /Host key verification failed/);
          await unreachable(world, 'unknown', /Host key verification failed/);
          const names = ['web', 'env', 'ssh'];
          await Promise.all(names.map((name) => world.ready(name)));
          const commits = names.map((name) => work(world, remote(name), name));
          const done = await Promise.all(names.map((name) => stage(world, name, 'Finished')));
          expect(done.map((status) => status?.phase)).toEqual(names.map(() => 'Completed'));
          expect(names.map((name) => remote(name).git('rev-parse', 'result'))).toEqual(commits);
          expect(server.pushes()).toBe(2);
          await world.ready('wrong');
        } finally {
          clearInterval(watch);
        }

        // A server that gives no answer: a project is not kept from going, nor the controller from ending, and nothing is left.
        const speaks = (name = ''): boolean => allArguments().some((line) => line.includes(`${server.url}/${name}`));
        server.hang(true);
        world.spec(
          'slow.yaml',
          projectYaml('slow', { dev: SLEEP }, from('slow', { password: { env: 'APP_PASSWORD' } })),
        );
        await until('it is asked', () => speaks('slow'));
        rmSync(join(world.specs, 'slow.yaml'));
        await until('it goes', () => world.status('slow') === undefined);
        await until('nobody asks any more', () => !speaks('slow'));
        const commit = work(world, remote('wrong'), 'wrong');
        await until('it is pushed', () =>
          allArguments().some((line) => line.includes('push') && line.includes(commit)),
        );
        await first.end();
        await until('nobody pushes any more', () => !speaks());
        server.hang(false);
        const second = await world.start();
        expect((await stage(world, 'wrong', 'Finished'))?.phase).toBe('Completed');
        expect(remote('wrong').git('rev-parse', 'result')).toBe(commit);
        expect(server.pushes()).toBe(3);

        const told = [...args, everything(world.state), everything(world.specs), first.log(), second.log()].join('\n');
        expect(told.includes(PASSWORD)).toBe(false);
        expect(readFileSync(path('asked'), 'utf8')).not.toContain(PASSWORD);
      } finally {
        ssh.close();
        await server.close();
      }
    }),
  120_000,
);
