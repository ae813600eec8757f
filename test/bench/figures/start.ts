import { spawnSync } from 'node:child_process';
import { type Figure, type Row, times } from '../support/figure.ts';
import { type Sample, sampleOf } from '../support/statistics.ts';
import { type World, withWorld } from '../support/world.ts';

/** How much a verb may take beside what Node.js takes to start and end, in milliseconds. */
const VERBS = [
  { words: ['version'], atMost: 30 },
  { words: ['__complete', '--', 'get', 'projects', ''], atMost: 30 },
  { words: ['get', 'projects'], atMost: 100 },
] as const;

/** From its start to its end, what a verb takes that somebody waits for; and a Node.js that does nothing, in turn with it. */
export const startOfVerbs: Figure = {
  name: 'start',
  measure: ({ main, quick }) =>
    withWorld(main, async (world) => {
      await world.product.start();
      await world.fill(0, 3, { raw: false });
      return VERBS.map(({ words, atMost }) => rowOf(words, atMost, measure(world, [main, ...words], quick ? 5 : 30)));
    }),
};

interface Pair {
  readonly verb: Sample;
  readonly node: Sample;
}

function measure({ env, root, product }: World, argv: readonly string[], runs: number): Pair {
  const places = { MUXLET_SPECS: product.specs, MUXLET_STATE: `${root}/state`, MUXLET_TMUX_SOCKET: product.socket };
  const time = (args: readonly string[]): number => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { env: { ...env, ...places }, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
    return performance.now() - begun;
  };
  time(argv);
  const pairs = Array.from({ length: runs }, () => [time(argv), time(['-e', '0'])] as const);
  return { verb: sampleOf(pairs.map(([verb]) => verb)), node: sampleOf(pairs.map(([, node]) => node)) };
}

function rowOf(words: readonly string[], atMost: number, { verb, node }: Pair): Row {
  const over = verb.median - node.median;
  const what = words[0] === '__complete' ? 'a word completed in the shell' : `muxlet ${words.join(' ')}`;
  return {
    what: `${what}, beside Node.js that does nothing (${node.median.toFixed(0)} ms)`,
    product: times(verb),
    raw: '',
    ratio: '',
    target: `≤ node + ${atMost} ms`,
    met: over <= atMost,
  };
}
