import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { randomFrom } from '../../support/random.ts';
import { agentNames } from '../support/agents.ts';
import { projectYaml, type Running, until, type World, withWorld } from '../support/world.ts';

const ROUNDS = 30;
const BUDGET_MS = 150_000;
const NAMES = ['a', 'b', 'c'] as const;

/** Numbers from 0 to below `n`, the same ones for the same seed. */
function dice(seed: number): (n: number) => number {
  const random = randomFrom(seed);
  return (n) => Math.floor(random() * n);
}

/** An agent that takes its TERM for nothing is among them: its removal has more steps to die between. */
function change(world: World, roll: (n: number) => number): void {
  const name = NAMES[roll(NAMES.length)] ?? 'a';
  const stubborn = ['sh', '-c', "trap '' TERM; while :; do sleep 0.2; done"];
  const kinds = [
    () => {
      world.spec(`${name}.yaml`, projectYaml(name, { one: ['sleep', `${1000 + roll(3)}`], two: ['sleep', '5000'] }));
    },
    () => {
      world.spec(`${name}.yaml`, projectYaml(name, { two: ['sleep', `${1000 + roll(3)}`], odd: stubborn }));
    },
    () => {
      rmSync(join(world.specs, `${name}.yaml`), { force: true });
    },
  ];
  kinds[roll(kinds.length)]?.();
}

function journalled(world: World): number {
  try {
    return readFileSync(join(world.state, 'journal.ndjson'), 'utf8').split('\n').length;
  } catch {
    return 0;
  }
}

/** Kills the controller as soon as its journal has grown by `lines`, or after `ms`, whichever is first. */
async function killAfter(world: World, running: Running, { lines, ms }: { lines: number; ms: number }): Promise<void> {
  const end = Date.now() + ms;
  const from = journalled(world);
  while (Date.now() < end && journalled(world) < from + lines) await new Promise((resolve) => setTimeout(resolve, 1));
  await running.end('SIGKILL');
}

test(
  '[S145] killed at any line of its journal, over and over, it converges: no agent double, none missing, none left',
  {
    timeout: BUDGET_MS + 60_000,
  },
  () =>
    withWorld(async (world) => {
      const seed = Date.now() % 100_000;
      const roll = dice(seed);
      const until_ = Date.now() + BUDGET_MS;
      let rounds = 0;
      for (; rounds < ROUNDS && Date.now() < until_; rounds += 1) {
        const starting = world.start('--resync', '1s');
        change(world, roll);
        if (roll(2) === 0) change(world, roll);
        const running = await starting;
        change(world, roll);
        await killAfter(world, running, { lines: 1 + roll(6), ms: 50 + roll(900) });
      }
      expect(rounds, `rounds within ${BUDGET_MS} ms`).toBeGreaterThan(10);

      rmSync(join(world.specs, 'c.yaml'), { force: true });
      for (const name of ['a', 'b']) {
        world.spec(`${name}.yaml`, projectYaml(name, { one: ['sleep', '1000'], two: ['sleep', '5000'] }));
      }
      const last = await world.start('--resync', '1s');
      const [a, b] = await Promise.all(['a', 'b'].map((name) => world.ready(name)));
      const wanted = [a, b]
        .flatMap((object) => ['one', 'two'].map((agent) => `${object?.metadata.uid}/${agent}`))
        .sort();
      await until(
        `seed ${seed}: nothing is left of what was`,
        () => {
          const now = agentNames(world);
          if (JSON.stringify(now) !== JSON.stringify(wanted)) throw new Error(now.join(' '));
          return true;
        },
        40_000,
      );
      // A session goes once its processes are gone, and its record once the session is.
      await until(`seed ${seed}: nor a session`, async () => {
        const sessions = await world.tmux('list-sessions', '-F', '#{session_name}');
        return (sessions === '_muxlet\na\nb' && world.status('c') === undefined) || Promise.reject(new Error(sessions));
      });
      expect(world.status('a')?.metadata.uid).toBe(a?.metadata.uid);
      await last.end();
    }),
);

test('[S145] the uid of an object that nobody removes is the same after every crash', { timeout: 120_000 }, () =>
  withWorld(async (world) => {
    const roll = dice(7);
    const uids = new Set<string>();
    for (let round = 0; round < 8; round += 1) {
      world.spec('web.yaml', projectYaml('web', { dev: ['sleep', `${1000 + (round % 2)}`], test: ['sleep', '5000'] }));
      const running = await world.start();
      await killAfter(world, running, { lines: 1 + roll(4), ms: 100 + roll(400) });
      const uid = world.status('web')?.metadata.uid;
      if (uid !== undefined) uids.add(uid);
      // Half of the time the state is lost as well: then what runs tells who it is.
      if (uid !== undefined && round % 2 === 1 && agentNames(world).length > 0) {
        rmSync(world.state, { recursive: true });
      }
    }
    await world.start();
    const { metadata } = await world.ready('web');
    uids.add(metadata.uid);
    expect([...uids]).toHaveLength(1);
    await until('each agent runs once', () => agentNames(world).join() === `${metadata.uid}/dev,${metadata.uid}/test`);
  }),
);
