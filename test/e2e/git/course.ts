import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { projectYaml, SLEEP, type World } from '../support/world.ts';
import { makeRepository, type Repository, write } from './support.ts';

/** The whole course of a project in work trees, in parts between which its agents do something. */
export interface Course {
  /** The spec is written. */
  begin(): void;
  isReady(): boolean;
  /** Its agents commit: what follows is merged, verified and pushed. */
  commit(): void;
  isFinished(): boolean;
  /** Its agents leave files behind that nobody has committed, and the spec goes. */
  end(): void;
  isGone(): boolean;
  /** Everything is as if nobody had ever been killed. */
  prove(): void;
}

const AGENTS = ['a', 'b'] as const;
const FILES = 60;

/** A repository with a checkout in the middle of something, and a remote that remembers what was pushed. */
export interface Ground {
  readonly world: World;
  readonly repository: Repository;
  readonly remote: Repository;
}

export function makeGround(world: World): Ground {
  const remote = makeRepository(world, 'remote', '--bare');
  remote.git('config', 'core.logAllRefUpdates', 'always');
  const repository = makeRepository(world, 'app');
  const many = Object.fromEntries(Array.from({ length: FILES }, (_, at) => [`files/${at}.txt`, `${at}\n`.repeat(200)]));
  repository.commit({ ...many, '.gitignore': '*.local\n' });
  repository.git('remote', 'add', 'origin', remote.path);
  repository.git('checkout', '--quiet', '-b', 'mine');
  write(repository.path, { 'files/0.txt': 'stashed\n' });
  repository.git('stash', '--quiet');
  write(repository.path, { 'files/0.txt': 'half done\n', note: 'mine\n' });
  return { world, repository, remote };
}

/** What kills the controller, once, if `words` says so: the first that finds the file takes it. */
const dies = (file: string): string => `if mv '${file}' '${file}.met' 2>/dev/null; then kill -9 $PPID; sleep 0.3; fi`;

/** Files that have the set-up command and the verification kill the controller in the middle. */
export const killIn = (world: World, what: 'set-up' | 'verify'): string => join(world.root, `kill-in-${what}`);

export function makeCourse({ world, repository, remote }: Ground, name: string): Course {
  const before = repository.fingerprint();
  const refs = (where: string): readonly string[] => repository.git('for-each-ref', where).split('\n').filter(Boolean);
  const tree = (agent: string): string => join(world.root, 'app.worktrees', name, agent);
  const result = `muxlet/${name}/integration`;
  const checks = `${dies(killIn(world, 'verify'))}; cat a.txt b.txt >/dev/null && test -z "$(git status --porcelain)"`;
  const spec = {
    repo: repository.path,
    ref: 'main',
    workTree: {
      policy: 'PerAgent',
      onDelete: 'Save',
      setUp: { command: ['sh', '-c', `${dies(killIn(world, 'set-up'))}; echo done >set-up.local`] },
    },
    integration: { push: { branch: name } },
    verification: { commands: [{ argv: ['sh', '-c', checks] }] },
    completion: { rules: [{ commits: {} }] },
  };
  const stage = (): string | undefined => world.status(name)?.status.run?.stage;
  let commits: readonly string[] = [];
  return {
    begin() {
      const agents = Object.fromEntries(AGENTS.map((agent) => [agent, SLEEP]));
      world.spec(`${name}.yaml`, projectYaml(name, agents, spec));
    },
    isReady: () =>
      AGENTS.every((agent) => {
        const is = world.agent(name, agent);
        return is?.workTree?.state === 'Ready' && is.pid !== undefined;
      }),
    commit() {
      commits = AGENTS.map((agent) => {
        expect(repository.gitIn(tree(agent), 'status', '--porcelain')).toBe('');
        expect(readFileSync(join(tree(agent), 'set-up.local'), 'utf8')).toBe('done\n');
        write(tree(agent), { [`${agent}.txt`]: `of ${agent}\n` });
        repository.gitIn(tree(agent), 'add', '--all');
        repository.gitIn(tree(agent), 'commit', '--quiet', '--message', `work of ${agent}`);
        return repository.gitIn(tree(agent), 'rev-parse', 'HEAD');
      });
    },
    isFinished: () => stage() === 'Finished',
    end() {
      const { status } = world.status(name) ?? {};
      const commit = repository.git('rev-parse', result);
      expect(status).toMatchObject({
        phase: 'Completed',
        integration: { state: 'Merged', commit },
        verification: { state: 'Passed', commit },
      });
      expect(repository.git('log', '--merges', '--format=%s', `main..${result}`).split('\n')).toEqual(
        [...AGENTS].reverse().map((agent) => `Merge branch 'muxlet/${name}/${agent}' into ${result}`),
      );
      // Pushed once: a remote writes down each time that a branch moves.
      expect(remote.git('rev-parse', name)).toBe(commit);
      expect(remote.git('reflog', 'show', '--format=%H', name)).toBe(commit);
      for (const agent of AGENTS) {
        write(tree(agent), { 'left.txt': `left by ${agent}\n` });
        rmSync(join(tree(agent), 'files/1.txt'));
      }
      rmSync(join(world.specs, `${name}.yaml`));
    },
    isGone: () => world.status(name) === undefined,
    prove() {
      for (const agent of AGENTS) {
        const kept = refs(`refs/muxlet/kept/${name}/${agent}/`).map((line) => line.split(' ')[0] ?? '');
        const saved = kept.map((commit) => repository.git('ls-tree', '--name-only', '-r', commit).split('\n'));
        expect(saved.some((files) => files.includes('left.txt') && !files.includes('files/1.txt'))).toBe(true);
      }
      for (const commit of commits)
        expect(repository.git('rev-list', '--max-count=1', commit, '--not', '--all')).toBe('');
      expect(refs(`refs/heads/muxlet/${name}/`)).toEqual([]);
      expect(refs(`refs/muxlet/base/${name}`)).toEqual([]);
      expect(repository.git('worktree', 'list').split('\n')).toHaveLength(1);
      expect(existsSync(join(world.root, 'app.worktrees'))).toBe(false);
      expect(locksIn(join(repository.path, '.git'))).toEqual([]);
      expect(repository.fingerprint()).toEqual(before);
      for (const refused of [repository, remote]) refused.git('fsck', '--connectivity-only');
    },
  };
}

function locksIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.lock'));
}
