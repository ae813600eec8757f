// Sends texts of all kinds to agents that rest, that work and that are just coming up, kills the controller at random in
// between, and holds what each program submitted to its model against what it was sent.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { leave } from '../../../e2e/messages/leave.ts';
import { nextRecord } from '../../../e2e/messages/next-record.ts';
import { message } from '../../../e2e/messages/support.ts';
import { randomFrom } from '../../../support/random.ts';
import type { ModelApi } from '../../model-api/start-model-api.ts';
import { eventually } from '../../support/eventually.ts';
import { compareSent, type Delivered } from '../../trace/received.ts';
import type { WalkedClass } from '../walked-class.ts';
import { type Crew, type Member, openCrew, PROJECT } from './crew.ts';
import { type Plan, textOf } from './plan.ts';

export interface Outcome {
  /** Messages that arrived whole, once and in order. */
  readonly good: number;
  readonly sent: number;
  readonly kills: number;
  /** How often an agent ended, and was written to while it came up. */
  readonly restarts: number;
  /** Without a record of the program's own that it took them. */
  readonly unproven: number;
  readonly wrong: readonly string[];
  readonly agents: number;
  readonly seconds: number;
}

interface Note {
  readonly name: string;
  readonly text: string;
}

/** Between two messages to the same agent, at most. */
const PAUSE_MS = 4500;
/** So many messages are sent to an agent that comes up; then it is let finish, and comes up again. */
const BURST = 6;
/** One piece of the answer of an agent that works; there are six. */
const PIECE_MS = 700;
const PIECES = 'This takes a while to say.';
const UNTIL_ENDED_MS = 240_000;
const UNTIL_ASKED_MS = 60_000;
/** How long a program may keep to itself what it was told while it worked, or as it had just come up. */
const QUIET_MS = 5000;

export async function deliverAll(
  walked: WalkedClass,
  { api, label }: { readonly api: ModelApi; readonly label: string },
  plan: Plan,
): Promise<Outcome> {
  const random = randomFrom(plan.seed);
  const begun = performance.now();
  const crew = await openCrew(walked, api, label, plan);
  const { world, members } = crew;
  try {
    const sent = new Map<string, Note[]>(members.map(({ name }) => [name, []]));
    const done = { kills: 0, restarts: 0 };
    let over = false;

    function say(member: Member, count: number): void {
      const text = textOf(count, random);
      const name = leave(world, { project: PROJECT, agent: member.name }, text);
      sent.get(member.name)?.push({ name, text });
    }

    async function speakTo(member: Member, counts: readonly number[]): Promise<void> {
      const lasts = () => ({ type: 'text', text: PIECES, pauseMs: random() * PIECE_MS }) as const;
      if (member.sort === 'busy') api.queue(member.label, ...Array.from({ length: 2 * counts.length + 10 }, lasts));
      for (const [index, count] of counts.entries()) {
        if (member.sort === 'starting' && index > 0 && index % BURST === 0) {
          await allEnded(crew, sent.get(member.name) ?? []);
          await isQuiet(api, member);
          await crew.killAgent(member);
          done.restarts += 1;
        }
        say(member, count);
        // Those that come up are written to while they do.
        await pause(5 + random() * (member.sort === 'starting' ? 1500 : PAUSE_MS));
      }
    }

    async function kill(): Promise<void> {
      while (done.kills < plan.kills && !over) {
        const someone = members[Math.floor(random() * members.length)]?.name ?? '';
        // Every other one in the middle of a delivery.
        if (done.kills % 2 === 0) await pause(random() ** 2 * 12_000);
        else await nextRecord(world, PROJECT, someone, Math.floor(random() * 6));
        await crew.killController(random() * 1500);
        done.kills += 1;
      }
    }

    function judge(member: Member): Delivered {
      const wanted = (sent.get(member.name) ?? []).map(({ name, text }) => ({ id: idOf(crew, name), text }));
      return compareSent(wanted, {
        prompts: api.prompts(member.label),
        contentOf: (path) => readFileSync(path, 'utf8'),
        isOwnWord: (id) => crew.hasMail(member, id),
      });
    }

    async function verdictOf(member: Member) {
      // Who has just come up may take long from what it accepted to its model.
      await eventually(
        () => judge(member).wrong.length === 0 || undefined,
        () => 'all of them',
        UNTIL_ASKED_MS,
      ).catch(() => undefined);
      await isQuiet(api, member);
      const { good, wrong } = judge(member);
      const unproven = (sent.get(member.name) ?? []).flatMap(({ name }) => unprovenOf(crew, name) ?? []);
      const told = wrong.length > 0 ? [...wrong, ...unproven] : [];
      return { good, unproven: unproven.length, wrong: told.map((line) => `${member.name}: ${line}`) };
    }

    crew.begin();
    const all = Array.from({ length: plan.messages }, (_, count) => count);
    const speaking = members.map((member, index) =>
      speakTo(
        member,
        all.filter((count) => count % members.length === index),
      ),
    );
    const spoken = Promise.all(speaking).then(() => {
      over = true;
    });
    // Without a controller nobody would hear anything.
    await Promise.all([spoken, kill()]);
    const notes = [...sent.values()].flat();
    await allEnded(crew, notes);
    const verdicts = await Promise.all(members.map((member) => verdictOf(member)));
    return {
      ...done,
      good: verdicts.reduce((sum, { good }) => sum + good, 0),
      wrong: verdicts.flatMap(({ wrong }) => wrong),
      sent: notes.length,
      unproven: verdicts.reduce((sum, { unproven }) => sum + unproven, 0),
      agents: members.length,
      seconds: Math.round((performance.now() - begun) / 1000),
    };
  } finally {
    await crew.close();
  }
}

/** `500 of 500 messages whole, in order, none twice; …` */
export function inWords(outcome: Outcome, { seed }: Plan): string {
  const { good, sent, kills, restarts, unproven, agents, seconds } = outcome;
  return (
    `${good} of ${sent} messages whole, in order, none twice, to ${agents} agents, idle, busy and starting; ` +
    `${unproven} without proof; ${kills} kills of the controller, ${restarts} restarts of agents, ${seconds} s, seed ${seed}`
  );
}

const idOf = ({ world }: Crew, name: string): string => message(world, name)?.targets[0]?.id ?? name;

/** How one stands that the program did not record. */
function unprovenOf({ world }: Crew, name: string): string | undefined {
  const [target] = message(world, name)?.targets ?? [];
  return target?.state === 'Delivered' ? undefined : `${target?.id} is ${target?.state} (${target?.reason})`;
}

async function allEnded({ world }: Crew, notes: readonly Note[]): Promise<void> {
  const open = () => notes.filter(({ name }) => message(world, name)?.finishedAt === undefined);
  await eventually(
    () => open().length === 0 || undefined,
    async () => {
      const [first] = open();
      const { targets, ...status } = (first && message(world, first.name)) ?? { targets: [] };
      const agent = targets[0]?.agent ?? '';
      const pane = world.agent(PROJECT, agent)?.pane?.id ?? '';
      const screen = await world.tmux('capture-pane', '-p', '-t', pane).catch(String);
      return `the end of ${open().length} messages: ${JSON.stringify({ ...status, targets })}\n${screen}`;
    },
    UNTIL_ENDED_MS,
  );
}

/** It takes up what it has accepted, and nothing more was asked for a while. */
async function isQuiet(api: ModelApi, { label, name }: Member): Promise<void> {
  const called = Date.now();
  await eventually(
    () => {
      const ends = api.requests(label).map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY);
      return Date.now() - Math.max(called, ...ends) > QUIET_MS || undefined;
    },
    () => `the end of what ${name} asks`,
  );
}
