import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomFrom } from '../../support/random.ts';
import { projectYaml, until, type World } from '../support/world.ts';
import { leave } from './leave.ts';
import { nextRecord } from './next-record.ts';
import { message, object, send, talkerClass, textOf } from './support.ts';

const STAND_IN = fileURLToPath(new URL('stand-in.mjs', import.meta.url));

export interface Plan {
  readonly messages: number;
  /** How often the controller is killed while they are on their way. */
  readonly kills: number;
  /** How often an agent ends, and comes up again slowly. */
  readonly restarts: number;
  /** Agents of each sort. */
  readonly each: number;
  readonly seed: number;
}

export interface Outcome {
  /** Messages that arrived whole and once, all that came before them at their agent included. */
  readonly good: number;
  readonly sent: number;
  readonly kills: number;
  readonly restarts: number;
  /** What an agent read instead of what was sent to it, for each at which something is wrong. */
  readonly wrong: readonly string[];
  readonly unproven: number;
  readonly seconds: number;
}

/**
 * Sends texts of all kinds to agents that are idle, that work, and that are just being started, and kills the controller
 * at random moments. What the agents took, by their own account, is compared with what was sent.
 */
export async function deliverAll(world: World, plan: Plan): Promise<Outcome> {
  const random = randomFrom(plan.seed);
  const begun = Date.now();
  const agents = writeTeam(world, plan.each);
  let running = await world.start();
  const sent = new Map<string, { name: string; text: string }[]>(agents.map((agent) => [agent, []]));
  let over = false;
  const done = { kills: 0, restarts: 0 };

  async function speak(): Promise<void> {
    const spanMs = Math.max(plan.messages * 80, 10_000);
    for (let count = 0; count < plan.messages; count += 1) {
      const agent = agents[count % agents.length] ?? '';
      const text = textFor(count, random);
      // A few as a person does; the others are left as `muxlet send` leaves them, without the time that a process takes.
      const name =
        count % 50 === 10 ? await send(world, `web/${agent}`, text) : leave(world, { project: 'web', agent }, text);
      sent.get(agent)?.push({ name, text });
      await pause((2 * random() * spanMs) / plan.messages);
    }
  }

  async function kill(): Promise<void> {
    while (done.kills < plan.kills) {
      const someone = agents[Math.floor(random() * agents.length)] ?? '';
      // Every other one in the middle of a delivery.
      if (done.kills % 2 === 0) await pause(random() ** 2 * 6000);
      else await nextRecord(world, 'web', someone, Math.floor(random() * 6));
      await running.end('SIGKILL');
      done.kills += 1;
      await pause(random() * 1500);
      running = await world.start();
    }
  }

  async function restart(): Promise<void> {
    while (!over && done.restarts < plan.restarts) {
      await pause(1000 + random() * 5000);
      const agent = agents[Math.floor(random() * agents.length)] ?? '';
      writeFileSync(join(world.root, `web-${agent}.mode`), 'leave');
      done.restarts += 1;
    }
  }

  await Promise.all([speak(), kill(), restart()]);
  const names = [...sent.values()].flat().map(({ name }) => name);
  const targetOf = (name: string) => message(world, name)?.targets[0];
  const ended = (name: string): boolean => message(world, name)?.finishedAt !== undefined;
  await until('all have ended', () => names.every(ended) || Promise.reject(waiting(world, names)), 300_000);
  over = true;
  const wrong: string[] = [];
  let good = 0;
  for (const agent of agents) {
    const wanted = (sent.get(agent) ?? []).map(({ text }) => text);
    const got = promptsOf(world, agent).map(textOf);
    const same = wanted.findIndex((text, index) => got[index] !== text);
    good += same < 0 ? wanted.length : same;
    if (same >= 0 || got.length !== wanted.length) {
      const about = (text: string | undefined): string => JSON.stringify(text?.slice(0, 60));
      const at = same < 0 ? wanted.length : same;
      wrong.push(
        `${agent}: ${got.length} of ${wanted.length}; at ${at} ${about(got[at])} instead of ${about(wanted[at])}`,
      );
    }
  }
  const unproven = names.filter((name) => targetOf(name)?.state !== 'Delivered').length;
  return { good, sent: names.length, ...done, wrong, unproven, seconds: Math.round((Date.now() - begun) / 1000) };
}

/** `500 of 500 messages whole, in order, none twice; …` */
export function inWords({ good, sent, kills, restarts, unproven, seconds }: Outcome, { each, seed }: Plan): string {
  return (
    `${good} of ${sent} messages whole, in order, none twice, to ${each * 4} agents, idle, busy and starting; ` +
    `${unproven} without proof; ${kills} kills of the controller, ${restarts} restarts of agents, ${seconds} s, seed ${seed}`
  );
}

/** Idle ones, such as work and queue, such as work and do not queue, and such as take long to come up. */
function writeTeam(world: World, each: number): string[] {
  world.spec('talker.yaml', object('AgentClass', 'talker', { ...talkerClass(), backoff: BACKOFF }));
  const queues = { ...talkerClass({ whileBusy: true }), backoff: BACKOFF };
  world.spec('queuer.yaml', object('AgentClass', 'queuer', queues));
  const sorts = [
    ['idle', 'talker', {}],
    ['busy', 'talker', { WORKS_MS: '2000' }],
    ['queues', 'queuer', { WORKS_MS: '4000' }],
    ['slow', 'talker', { STARTS_MS: '3000' }],
  ] as const;
  const agents = Array.from({ length: each }, (_, index) =>
    sorts.map(([sort, of, env]) => {
      const name = `${sort}-${index}`;
      const command = [process.execPath, STAND_IN, join(world.root, `web-${name}`)];
      const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }));
      return [name, { class: of, command, workingDir: world.work, env: variables }] as const;
    }),
  ).flat();
  world.spec('web.yaml', projectYaml('web', Object.fromEntries(agents)));
  return agents.map(([name]) => name);
}

const BACKOFF = { initialSeconds: 0.1, maxSeconds: 0.5 } as const;

function textFor(count: number, random: () => number): string {
  const kinds = [
    'do it',
    `quotes ' " and $(false) \`x\` ; #{pane_id} \\ Enter C-c`,
    '-n --hyphens, ümläute, 😀, 漢字',
    `long ${'wide words '.repeat(55)}`.trim(),
    `several lines\n\tone indented\n${'0123456789'.repeat(300)}\nthe last`,
  ];
  return `${count}: ${kinds[Math.floor(random() * kinds.length)] ?? ''}`;
}

function promptsOf(world: World, agent: string): string[] {
  const path = join(world.root, `web-${agent}.prompts`);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line) as string);
}

function waiting(world: World, names: readonly string[]): Error {
  const open = names.filter((name) => message(world, name)?.finishedAt === undefined);
  const shown = open.slice(0, 5).map((name) => JSON.stringify(message(world, name)));
  return new Error(`${open.length} are on their way: ${shown.join('\n')}`);
}
