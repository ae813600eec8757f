import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './wait.ts';
import type { World } from './world.ts';

/** Agents that each have a work tree of one repository. */
export interface WorkTrees {
  readonly count: number;
  directory(index: number): string;
  /** Runs git in one of them; standard output, trimmed. */
  git(index: number, ...args: string[]): string;
  /** Whether the status of the agent that works there shows this commit; any, if none is said. */
  isShown(index: number, head?: string): boolean;
}

const A_PROJECT = 5;
const FILES = 200;

/** Makes them, by a repository of a few hundred files, and starts the agents there. */
export async function startInWorkTrees({ root, env, product }: World, count: number): Promise<WorkTrees> {
  const repository = join(root, 'repository');
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
  const run = (cwd: string, args: readonly string[]): string =>
    execFileSync('git', [...args], { cwd, env: { ...env, ...who }, encoding: 'utf8', stdio: 'pipe' }).trim();
  mkdirSync(join(repository, 'src'), { recursive: true });
  run(repository, ['init', '--quiet', '--initial-branch=main']);
  for (let file = 0; file < FILES; file += 1) writeFileSync(join(repository, 'src', `${file}.txt`), `${file}\n`);
  run(repository, ['add', '.']);
  run(repository, ['commit', '--quiet', '--message=begin']);
  const directory = (index: number): string => join(root, 'trees', String(index));
  for (let index = 0; index < count; index += 1) {
    run(repository, ['worktree', 'add', '--quiet', '--no-track', '-b', `bench/${index}`, directory(index)]);
  }
  const projectOf = (index: number): string => `p${Math.floor(index / A_PROJECT)}`;
  const names = [...new Set(Array.from({ length: count }, (_, index) => projectOf(index)))];
  const agents = Object.fromEntries(
    Array.from({ length: A_PROJECT }, (_, index) => [`a${index}`, ['sleep', '1000000']]),
  );
  const indexOf = (project: string, agent: string): number =>
    Number(project.slice(1)) * A_PROJECT + Number(agent.slice(1));
  product.specsAt('in-trees', Object.fromEntries(names.map((name) => [name, agents])), (project, agent) =>
    directory(indexOf(project, agent)),
  );
  await until('the agents are up', () => names.every((name) => product.isReady(name)), 120_000);
  return {
    count,
    directory,
    git: (index, ...args) => run(directory(index), args),
    isShown(index, head) {
      const agent = product.agents(projectOf(index)).find(({ name }) => name === `a${index % A_PROJECT}`);
      return agent?.git?.head !== undefined && (head === undefined || agent.git.head === head);
    },
  };
}
