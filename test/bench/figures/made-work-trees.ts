import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonRow, type Figure } from '../support/figure.ts';
import { sampleOf } from '../support/statistics.ts';
import { pause, until } from '../support/wait.ts';
import { withWorld } from '../support/world.ts';

const AGENTS = 20;
const FILES = 1000;

/** From the spec's file to the last of its agents having its work tree, against `git worktree add` twenty times over. */
export const madeWorkTrees: Figure = {
  name: 'work-trees',
  measure: ({ main, quick }) =>
    withWorld(main, async ({ root, env, product }) => {
      const repository = join(root, 'repository');
      const who = {
        GIT_AUTHOR_NAME: 'a',
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'a',
        GIT_COMMITTER_EMAIL: 'a@b',
      };
      const git = (...args: readonly string[]): void => {
        execFileSync('git', args, { cwd: repository, env: { ...env, ...who }, stdio: 'pipe' });
      };
      mkdirSync(join(repository, 'src'), { recursive: true });
      git('init', '--quiet', '--initial-branch=main');
      for (let file = 0; file < FILES; file += 1) writeFileSync(join(repository, 'src', `${file}.txt`), `${file}\n`);
      git('add', '.');
      git('commit', '--quiet', '--message=begin');
      await product.start();
      const values = { product: [] as number[], raw: [] as number[] };
      for (let round = 0; round < (quick ? 2 : 5); round += 1) {
        const rawAt = performance.now();
        for (let agent = 0; agent < AGENTS; agent += 1) {
          git(
            'worktree',
            'add',
            '--quiet',
            '-b',
            `raw/${round}/${agent}`,
            join(root, 'raw', String(round), String(agent)),
          );
        }
        values.raw.push(performance.now() - rawAt);
        await pause(1000);
        const name = `p${round}`;
        const agents = Array.from({ length: AGENTS }, (_, agent) => ({
          name: `a${agent}`,
          command: ['sleep', '1000000'],
        }));
        const spec = { repo: repository, workTree: { policy: 'PerAgent' }, agents };
        const project = { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name }, spec };
        const path = join(product.specs, `${name}.json`);
        writeFileSync(`${path}.tmp`, JSON.stringify(project));
        const at = performance.now();
        renameSync(`${path}.tmp`, path);
        await until('each has its work tree', () => hasTrees(product.agents(name)), 120_000);
        values.product.push(performance.now() - at);
        await until('all run', () => product.isReady(name), 120_000);
        await pause(1000);
      }
      return [
        comparisonRow({
          what: `work trees of ${AGENTS} agents, ${FILES} files each, from the spec`,
          product: sampleOf(values.product),
          raw: sampleOf(values.raw),
          atMost: 2,
        }),
      ];
    }),
};

function hasTrees(agents: readonly { readonly workTree?: { readonly state: string } }[]): boolean {
  return agents.length === AGENTS && agents.every(({ workTree }) => workTree?.state === 'Ready');
}
