import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoredObject } from '../../../controller/api/metadata.ts';

/** The built program, as a user runs it. */
export const MAIN = fileURLToPath(new URL('../../../dist/controller/main.js', import.meta.url));

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `muxlet run`. */
export interface Running {
  readonly process: ChildProcess;
  readonly pid: number;
  /** http://host:port */
  readonly address: string;
  /** What it has printed on standard error so far. */
  log(): string;
  /** Sends a signal and waits for the end; gives the exit code, or null if a signal ended it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * A place of its own for one test: directories, a HOME, a tmux server that nobody else can reach (own TMUX_TMPDIR,
 * random name), an environment made from nothing. Everything in it ends with the test, however that ends.
 */
export interface World {
  readonly root: string;
  readonly specs: string;
  readonly state: string;
  /** A directory for agents to work in. */
  readonly work: string;
  readonly socket: string;
  readonly env: Record<string, string>;
  start(...flags: string[]): Promise<Running>;
  /** Runs a verb with this world's flags and environment. */
  muxlet(...args: string[]): Promise<Finished>;
  /** Runs tmux on this world's server; standard output, trimmed. Rejects if tmux fails. */
  tmux(...args: string[]): Promise<string>;
  /** Writes specs/<file>; gives its path. */
  spec(file: string, text: string): string;
  status(project: string): StoredObject | undefined;
  /** One agent's status, or undefined. */
  agent(project: string, name: string): StoredObject['status']['agents'][number] | undefined;
  /** Waits until the project is Ready. */
  ready(project: string): Promise<StoredObject>;
}

/** Polls until `look` gives something that is neither undefined, false nor a rejection; fails with `what` after the deadline. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeoutMs = 15_000,
): Promise<Exclude<T, undefined | false | null>> {
  const end = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      last = await look();
      if (last !== undefined && last !== false && last !== null) return last as Exclude<T, undefined | false | null>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(
        `not within ${timeoutMs} ms: ${what}; last seen: ${last instanceof Error ? last.stack : JSON.stringify(last)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Holds for a while: fails as soon as `look` is false. For what must not happen. */
export async function holds(what: string, forMs: number, look: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + forMs;
  while (Date.now() < end) {
    if (!(await look())) throw new Error(`it did not hold: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A Project as YAML; agents as name and argv. */
export function projectYaml(
  name: string,
  agents: Readonly<Record<string, readonly string[] | Record<string, unknown>>>,
  spec: Record<string, unknown> = {},
): string {
  const list = Object.entries(agents).map(([agent, value]) =>
    isArgv(value) ? { name: agent, command: value } : { name: agent, ...value },
  );
  return JSON.stringify(
    { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name }, spec: { ...spec, agents: list } },
    null,
    2,
  );
}

function isArgv(value: readonly string[] | Record<string, unknown>): value is readonly string[] {
  return Array.isArray(value);
}

export const SLEEP = ['sleep', '100000'] as const;

export async function withWorld(run: (world: World) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'mx-'));
  const socket = `t${randomBytes(4).toString('hex')}`;
  const running: Running[] = [];
  const path = (name: string): string => join(root, name);
  for (const name of ['specs', 'work', 'home', 'tmux']) mkdirSync(path(name), { mode: 0o700 });
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: path('home'),
    LANG: 'C.UTF-8',
    TMUX_TMPDIR: path('tmux'),
    MUXLET_SPECS: path('specs'),
    MUXLET_STATE: path('state'),
    MUXLET_TMUX_SOCKET: socket,
  };
  const status = (project: string): StoredObject | undefined => {
    try {
      return JSON.parse(
        readFileSync(join(path('state'), 'status', 'project', `${project}.json`), 'utf8'),
      ) as StoredObject;
    } catch {
      return undefined;
    }
  };
  const world: World = {
    root,
    specs: path('specs'),
    state: path('state'),
    work: path('work'),
    socket,
    env,
    async start(...flags) {
      const started = await startController(env, root, flags);
      running.push(started);
      return started;
    },
    muxlet: (...args) => runProgram(process.execPath, [MAIN, ...args], env, root),
    async tmux(...args) {
      const { code, stdout, stderr } = await runProgram('tmux', ['-L', socket, ...args], env, root);
      if (code !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
      return stdout.trim();
    },
    spec(file, text) {
      const target = join(path('specs'), file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      return target;
    },
    status,
    agent: (project, name) => status(project)?.status.agents.find((agent) => agent.name === name),
    ready: (project) =>
      until(`project ${project} is Ready`, () => {
        const object = status(project);
        return object?.status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true
          ? object
          : undefined;
      }),
  };
  const close = async (): Promise<void> => {
    open.delete(close);
    await Promise.allSettled(running.map((one) => one.end('SIGKILL')));
    killMarked(path('tmux'));
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  open.add(close);
  try {
    await run(world);
  } finally {
    await close();
  }
}

const open = new Set<() => Promise<void>>();

/** Ends what a test that ran out of time left open: it goes on beside the next one, and comes to no end by itself. */
export async function closeWorlds(): Promise<void> {
  await Promise.all([...open].map((close) => close()));
}

/** Of many that start at once on a machine that is busy, one may take long. */
const STARTED_MS = 60_000;

async function startController(env: Record<string, string>, cwd: string, flags: readonly string[]): Promise<Running> {
  const args = [MAIN, 'run', '--listen', '127.0.0.1:0', '--log-format', 'json', ...flags];
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const running: Running = {
    process: child,
    pid: child.pid ?? 0,
    address: '',
    log: () => log,
    end(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
  try {
    const address = await until(
      'the controller says its address',
      () => {
        if (child.exitCode !== null) return 'ended';
        return /http:\/\/\S+/.exec(out)?.[0];
      },
      STARTED_MS,
    );
    if (address === 'ended') throw new Error(`it ended with ${child.exitCode}`);
    return { ...running, address };
  } catch (error) {
    await running.end('SIGKILL');
    throw new Error(`the controller did not start: ${log}`, { cause: error });
  }
}

function runProgram(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(file, args, { env, cwd, timeout: 60_000, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, stderr });
    });
  });
}

/**
 * Ends every process of the test's world: agents, tmux servers and clients all carry its directory for sockets in their environment.
 * Looks again until none is left, since one that was just being started is missed by the first look.
 */
export function killMarked(directory: string): void {
  for (let round = 0; round < 20 && killSeen(`TMUX_TMPDIR=${directory}`) > 0; round += 1);
}

function killSeen(mark: string): number {
  let killed = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!variables.includes(mark)) continue;
      process.kill(Number(pid), 'SIGKILL');
      killed += 1;
    } catch {
      // It ended, or is not ours to read.
    }
  }
  return killed;
}
