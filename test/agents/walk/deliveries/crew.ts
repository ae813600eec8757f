import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectYaml, type Running, type World } from '../../../e2e/support/world.ts';
import { signalProcess } from '../../../support/signal-process.ts';
import type { ModelApi } from '../../model-api/start-model-api.ts';
import { pathWith, programOf } from '../../programs.mjs';
import { eventually } from '../../support/eventually.ts';
import { makeRepository, openWorld } from '../open-world.ts';
import type { WalkedClass } from '../walked-class.ts';
import { type Plan, SORTS, type Sort } from './plan.ts';

export const PROJECT = 'crew';

export interface Member {
  readonly name: string;
  readonly sort: Sort;
  /** Of the model API. */
  readonly label: string;
}

/** Several agents of one class in one project under one controller, each heard by itself. */
export interface Crew {
  readonly world: World;
  readonly members: readonly Member[];
  /** Writes the project, and with it starts the agents. */
  readonly begin: () => void;
  /** SIGKILL, a pause, and a new one. */
  readonly killController: (downMs: number) => Promise<void>;
  /** Ends an agent that rests, as a crash would; it comes up again in its conversation. */
  readonly killAgent: (member: Member) => Promise<void>;
  /** Whether there is such a record in the agent's mailbox. */
  readonly hasMail: (member: Member, id: string) => boolean;
  readonly close: () => Promise<void>;
}

/** Whoever ends is started again at once: what is proven is what it is told meanwhile. */
const BACKOFF = { initialSeconds: 0.1, maxSeconds: 0.5 } as const;

export async function openCrew(walked: WalkedClass, api: ModelApi, label: string, plan: Plan): Promise<Crew> {
  const { world, close } = await openWorld();
  Object.assign(world.env, { PATH: pathWith(programOf(walked.name)), SHELL: '/bin/sh', ...walked.exported });
  makeRepository(world.work);
  const members = Array.from({ length: plan.each }, (_, index) =>
    SORTS.map((sort) => ({ name: `${sort}-${index}`, sort, label: `${label}-${sort}-${index}` })),
  ).flat();
  const specOf = ({ name, label: own }: Member) => {
    // Some know the place of their model from a file below their home alone.
    const home = walked.configure === undefined ? (world.env['HOME'] ?? '') : join(world.root, `home-${name}`);
    const place = { url: api.url(own), home, directory: world.work };
    walked.configure?.(place);
    const env = Object.entries({ HOME: home, ...walked.env(place) }).map(([key, value]) => ({ name: key, value }));
    return { class: walked.name, args: walked.args, env, briefing: `You are ${name}.`, backoff: BACKOFF };
  };
  let controller: Running = await world.start();
  return {
    world,
    members,
    begin() {
      const agents = Object.fromEntries(members.map((member) => [member.name, specOf(member)]));
      world.spec('crew.yaml', projectYaml(PROJECT, agents, { workingDir: world.work }));
    },
    async killController(downMs) {
      await controller.end('SIGKILL');
      await pause(downMs);
      controller = await world.start();
    },
    async killAgent({ name }) {
      const status = () => world.agent(PROJECT, name);
      const { run, pid } = await eventually(
        () => (status()?.state === 'Idle' ? status() : undefined),
        () => `${name} at rest; it is ${JSON.stringify(status())}`,
      );
      if (pid !== undefined) signalProcess(pid, 'SIGKILL');
      await eventually(
        () => status()?.run !== run || undefined,
        () => `a new run of ${name}; it is ${JSON.stringify(status())}`,
      );
    },
    hasMail: ({ name }, id) =>
      existsSync(join(world.state, 'agents', world.agent(PROJECT, name)?.uid ?? '-', 'inbox', `${id}.json`)),
    close,
  };
}
