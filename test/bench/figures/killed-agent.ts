import { quote } from '../support/control.ts';
import { type Context, comparisonRow, type Figure } from '../support/figure.ts';
import { holdPath, released } from '../support/hold.ts';
import { command } from '../support/raw.ts';
import { sampleOf } from '../support/statistics.ts';
import { pause, until } from '../support/wait.ts';
import { type World, withWorld } from '../support/world.ts';

/**
 * Between two kills the controller writes down what it saw; and agents end seldom: with less time between, all that tmux needs
 * to start one is still at hand in the processor, and raw tmux takes a quarter less than it takes when it is needed.
 */
const BETWEEN_MS = 250;

interface Case {
  readonly name: string;
  readonly what: string;
  readonly projects: number;
  readonly child: boolean;
}

const CASES: readonly Case[] = [
  { name: 'killed-agent-3', what: 'killed agent to its replacement, among 3', projects: 1, child: false },
  { name: 'killed-agent-300', what: 'the same among 300 agents', projects: 100, child: false },
  { name: 'killed-agent-child', what: 'the same among 3, when a child outlives it', projects: 1, child: true },
];

export const killedAgent: readonly Figure[] = CASES.map((one) => ({
  name: one.name,
  measure: (context) => measure(one, context),
}));

function measure({ what, projects, child }: Case, { main, quick }: Context) {
  return withWorld(main, async (world) => {
    await world.raw.start();
    await world.product.start();
    await world.fill(0, projects - 1);
    const panes = await target(world, child);
    const kills = quick ? 30 : 200;
    const product: number[] = [];
    const raw: number[] = [];
    for (let round = 0; round < kills; round += 1) {
      const agent = 'abc'[round % 3] ?? 'a';
      raw.push(await killRaw(world, agent, panes.get(agent) ?? ''));
      await pause(BETWEEN_MS);
      product.push(await killProduct(world, agent));
      await pause(BETWEEN_MS);
    }
    return [comparisonRow({ what, product: sampleOf(product), raw: sampleOf(raw), atMost: 2, p99: 150 })];
  });
}

/** The project and the session whose agents are killed. Gives the raw panes' ids. */
async function target({ product, raw, starts, root }: World, child: boolean): Promise<Map<string, string>> {
  const names = ['a', 'b', 'c'];
  product.spec('target', Object.fromEntries(names.map((name) => [name, starts.agent(`target/${name}`, { child })])));
  await until('the project is up', () => product.isReady('target'));
  await raw.create([
    ['target', names.map((name) => ({ name, argv: starts.agent(`raw/${name}`, { hold: holdPath(root, name) }) }))],
  ]);
  await pause(500);
  const listed = await raw.control().request(`list-panes -s -t =target -F '#{window_name} #{pane_id}'`);
  return new Map(listed.map((line) => line.split(' ') as [string, string]));
}

/** The bound: a FIFO that tells of the end at once, and the one command that starts the next. */
async function killRaw({ raw, starts, root }: World, agent: string, pane: string): Promise<number> {
  const name = `raw/${agent}`;
  const hold = holdPath(root, agent);
  const end = released(hold);
  await pause(2); // the socket listens
  const started = starts.next([name]);
  const killedAt = performance.now();
  process.kill(starts.pidOf(name), 'SIGKILL');
  await end;
  await raw.control().request(`respawn-pane -k -t ${quote(pane)} ${command(starts.agent(name, { hold }))}`);
  return (await started) - killedAt;
}

async function killProduct({ starts }: World, agent: string): Promise<number> {
  const name = `target/${agent}`;
  const started = starts.next([name]);
  const killedAt = performance.now();
  process.kill(starts.pidOf(name), 'SIGKILL');
  return (await started) - killedAt;
}
