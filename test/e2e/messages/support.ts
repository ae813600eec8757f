import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentStatus, MessageStatus } from '../../../controller/api/generated/all.ts';
import { projectYaml, until, type World } from '../support/world.ts';

const STAND_IN = fileURLToPath(new URL('stand-in.mjs', import.meta.url));

/** How the stand-in is read and spoken to, as data. */
export function talkerClass(delivery: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    start: { args: ['{{ hook }}'] },
    resume: { args: ['{{ hook }}'] },
    conversation: { id: 'None' },
    reading: {
      sources: [
        {
          type: 'Hook',
          rules: [
            {
              name: 'session',
              match: [{ field: 'event', is: 'SessionStart' }],
              state: 'Idle',
              or: ['Busy', 'Waiting', 'Limited', 'NeedsAuth'],
              conversation: 'session_id',
            },
            {
              name: 'prompt',
              match: [{ field: 'event', is: 'Prompt' }],
              state: 'Busy',
              turn: 'Begins',
              prompt: 'prompt',
            },
            {
              name: 'failed',
              match: [{ field: 'event', is: 'Failed' }],
              state: 'Waiting',
              reason: 'TurnFailed',
              turn: 'Fails',
              failure: 'Transient',
            },
            {
              name: 'stop',
              match: [{ field: 'event', is: 'Stop' }],
              state: 'Idle',
              turn: 'Ends',
              or: ['Busy', 'Waiting', 'Limited', 'NeedsAuth'],
            },
          ],
        },
        {
          type: 'Screen',
          rules: [
            { name: 'dialog', pattern: '^Allow this command', state: 'Waiting', reason: 'PermissionPrompt' },
            { name: 'limit', pattern: '^You have hit your limit', state: 'Limited', reason: 'UsageLimit' },
            { name: 'login', pattern: '^Please log in', state: 'NeedsAuth', reason: 'Login' },
            { name: 'busy', pattern: 'esc to interrupt', state: 'Busy' },
            { name: 'ready', pattern: '^ready', state: 'Idle' },
          ],
        },
      ],
    },
    dialogs: [{ name: 'PermissionPrompt', pattern: '^Allow this command', answers: { no: ['n'] } }],
    delivery: {
      inputLine: '^> ?(?<text>.*)$',
      clear: ['C-u'],
      pauseMs: 50,
      confirmSeconds: 1,
      whileBusy: false,
      ...delivery,
    },
  };
}

export interface Talker {
  status(): AgentStatus | undefined;
  /** What it took as prompts. */
  prompts(): string[];
  bytes(): string;
  mode(text: string): void;
  base: string;
}

export function object(kind: string, name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind, metadata: { name }, spec });
}

type More = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Writes a project of stand-ins and waits until each of them is Idle. */
export async function talkers(
  world: World,
  names: readonly string[],
  options: {
    delivery?: Record<string, unknown>;
    agents?: More;
    project?: string;
    class?: Record<string, unknown>;
    spec?: Record<string, unknown>;
  } = {},
): Promise<Talker[]> {
  const { project = 'web', agents: more = {} } = options;
  world.spec('talker.yaml', object('AgentClass', 'talker', { ...talkerClass(options.delivery), ...options.class }));
  const agents = Object.fromEntries(
    names.map((name) => {
      const command = [process.execPath, STAND_IN, join(world.root, `${project}-${name}`)];
      return [name, { class: 'talker', command, workingDir: world.work, ...more[name] }];
    }),
  );
  world.spec(`${project}.yaml`, projectYaml(project, agents, options.spec));
  for (const name of names) {
    await until(`${name} is idle`, () => {
      const now = world.agent(project, name);
      if (now?.state === 'Idle') return true;
      throw new Error(JSON.stringify(now));
    });
  }
  return names.map((name) => talker(world, project, name));
}

function talker(world: World, project: string, name: string): Talker {
  const base = join(world.root, `${project}-${name}`);
  const read = (end: string): string => (existsSync(`${base}.${end}`) ? readFileSync(`${base}.${end}`, 'utf8') : '');
  return {
    base,
    status: () => world.agent(project, name),
    prompts: () =>
      read('prompts')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as string),
    bytes: () => read('bytes'),
    mode(text) {
      if (text === '') rmSync(`${base}.mode`, { force: true });
      else {
        // Never seen half written.
        writeFileSync(`${base}.mode.new`, text);
        renameSync(`${base}.mode.new`, `${base}.mode`);
      }
    },
  };
}

/** Reports as an agent does from its own terminal; gives what it is answered. */
export async function reportAs(world: World, agent: string, ...args: string[]): Promise<string> {
  const project = 'web';
  const own = {
    MUXLET_PROJECT: project,
    MUXLET_AGENT: agent,
    MUXLET_UID: world.status(project)?.metadata.uid ?? '',
    MUXLET_RUN: world.agent(project, agent)?.run ?? '',
  };
  Object.assign(world.env, own);
  const { code, stdout, stderr } = await world.muxlet('report', ...args);
  for (const name of Object.keys(own)) delete world.env[name];
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** Sends with the program; gives the message's name. */
export async function send(world: World, to: string, text: string, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await world.muxlet('send', '--to', to, ...flags, '--', text);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

export function message(world: World, name: string): MessageStatus | undefined {
  try {
    const text = readFileSync(join(world.state, 'status', 'message', `${name}.json`), 'utf8');
    return (JSON.parse(text) as { status: MessageStatus }).status;
  } catch {
    return undefined;
  }
}

export function delivered(world: World, name: string, timeoutMs?: number): Promise<MessageStatus> {
  const done = () => {
    const status = message(world, name);
    if (status?.phase === 'Delivered') return status;
    throw new Error(JSON.stringify(status));
  };
  return until(`${name} is delivered`, done, timeoutMs);
}

/** Waits until the first target of the message waits for this. */
export function waitsFor(world: World, name: string, reason: string): Promise<MessageStatus> {
  return until(`${name} waits for ${reason}`, () => {
    const status = message(world, name);
    if (status?.targets[0]?.reason === reason) return status;
    throw new Error(JSON.stringify(status));
  });
}

/** The text of a prompt without the mark that muxlet put before it; of a pointer, what it points to. */
export function textOf(prompt: string): string {
  const text = prompt.replace(/^\[msg [0-9a-f]{8}(?: from [^\]]+)?\] /, '');
  const [, path] = /^Read and carry out (\/\S+)$/.exec(text) ?? [];
  return path === undefined ? text : readFileSync(path, 'utf8').replace(/\n$/, '');
}

export function sentFiles(world: World): string[] {
  return readdirSync(join(world.state, 'messages'));
}

export async function events(world: World, reason: string): Promise<{ message: string; count: number }[]> {
  const { stdout } = await world.muxlet('events', '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { reason: string; message: string; count: number }[] };
  return items.filter((event) => event.reason === reason);
}
