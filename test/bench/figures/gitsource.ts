import { execFile, execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, type Row, times } from '../support/figure.ts';
import { projectText } from '../support/product.ts';
import { threeWindows } from '../support/raw.ts';
import { type Sample, sampleOf } from '../support/statistics.ts';
import { pause, until } from '../support/wait.ts';
import { agentsOf, type World, withWorld } from '../support/world.ts';

const FEW = 10;
const MANY = 1000;
const SECRET = 'bench';
const BETWEEN_MS = 1000;

/** From the webhook that says that a commit was pushed to the agents that it declares, or changes, running. */
export const gitSource: Figure = {
  name: 'gitsource',
  measure: async ({ main, quick }) => {
    const rounds = quick ? 5 : 15;
    const [few, raw] = await withWorld(main, async (world) => {
      const followed = await follow(world, FEW);
      return [await change(world, followed, rounds), await fetchAndMake(world, followed, rounds)] as const;
    });
    const many = await withWorld(main, async (world) => change(world, await follow(world, MANY), rounds));
    const [first, bound, other] = [sampleOf(few), sampleOf(raw), sampleOf(many)];
    return [
      row(`commit pushed (webhook) to its changed agent running, among ${FEW} specs`, [first, bound], {
        raw: `${times(bound)} (fetch and a session)`,
        atMost: 3,
      }),
      row(`the same among ${MANY} specs, against among ${FEW}`, [other, first], {
        raw: `${times(first)} (muxlet among ${FEW})`,
        atMost: 2,
      }),
    ];
  },
};

interface Followed {
  readonly path: string;
  /** Puts one spec file into a commit of its own. */
  commit(name: string, text: string): void;
}

/** A repository of so many specs of which one has agents that run. */
async function follow(world: World, specs: number): Promise<Followed> {
  const path = join(world.root, 'followed');
  const git = (...args: string[]): void => {
    const env = { ...world.env, GIT_CONFIG_GLOBAL: '/dev/null' };
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: path, env });
  };
  const put = (name: string, text: string): void => {
    const file = join(path, name.slice(-1), `${name}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  mkdirSync(path);
  git('init', '--quiet', '--initial-branch=main');
  for (let index = 1; index < specs; index += 1) {
    put(`s${index}`, projectText(`s${index}`, agentsOf(`s${index}`, world.starts), { suspend: true }));
  }
  const commit = (name: string, text: string): void => {
    put(name, text);
    git('add', '--all');
    git('commit', '--quiet', '--message=x');
  };
  commit('target', projectText('target', agentsOf('target', world.starts)));
  world.env['BENCH_SECRET'] = SECRET;
  await world.product.start();
  const spec = { url: path, interval: '1h', webhook: { secret: { env: 'BENCH_SECRET' } } };
  const source = { apiVersion: 'muxlet.dev/v1alpha1', kind: 'GitSource', metadata: { name: 'team' }, spec };
  writeFileSync(join(world.product.specs, 'team.json'), JSON.stringify(source));
  await until('the project is up', () => world.product.isReady('target'), 120_000);
  return { path, commit };
}

async function change({ product, starts }: World, { commit }: Followed, rounds: number): Promise<number[]> {
  // All of them were looked at, and what follows from that is over.
  await pause(8000);
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const name = `target/b-${Math.random().toString(36).slice(2)}`;
    commit('target', projectText('target', { ...agentsOf('target', starts), b: starts.agent(name) }));
    const started = starts.next([name]);
    const at = performance.now();
    await tell(product.address());
    values.push((await started) - at);
    await pause(BETWEEN_MS);
  }
  return values;
}

async function tell(address: string): Promise<void> {
  const body = '{}';
  const digits = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = { 'x-hub-signature-256': `sha256=${digits}` };
  const response = await fetch(`${address}/hooks/gitsource/team`, { method: 'POST', body, headers });
  if (response.status !== 202) throw new Error(`the webhook was answered ${response.status}`);
}

/** What nobody can do without: the commit fetched, and a session made. */
async function fetchAndMake({ env, root, raw, starts }: World, followed: Followed, rounds: number): Promise<number[]> {
  await raw.start();
  const clone = join(root, 'clone.git');
  const git = async (...args: string[]): Promise<void> => {
    await promisify(execFile)('git', args, { env, cwd: root });
  };
  await git('init', '--quiet', '--bare', clone);
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    followed.commit('target', projectText('target', agentsOf(`round-${round}`, starts), { suspend: true }));
    const name = `r${round}`;
    const started = starts.next(['a', 'b', 'c'].map((window) => `${name}/${window}`));
    const at = performance.now();
    await git(`--git-dir=${clone}`, 'fetch', '--quiet', '--depth=1', followed.path, '+HEAD:refs/heads/main');
    await raw.create([[name, threeWindows(name, starts)]]);
    values.push((await started) - at);
    await pause(300);
  }
  return values;
}

function row(what: string, [own, other]: readonly [Sample, Sample], of: { raw: string; atMost: number }): Row {
  const ratio = own.median / other.median;
  const target = `≤ ${of.atMost}× ${of.atMost === 2 ? `among ${FEW}` : 'raw'}`;
  return { what, product: times(own), raw: of.raw, ratio: ratio.toFixed(2), target, met: ratio <= of.atMost };
}
