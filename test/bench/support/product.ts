import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './wait.ts';

export type Agents = Readonly<Record<string, readonly string[]>>;

/** muxlet itself, as a user runs it, on a tmux server of its own. */
export interface Product {
  readonly socket: string;
  readonly anchor: '_muxlet';
  readonly specs: string;
  /** Starts the controller; settles when it has said its address. */
  start(): Promise<void>;
  pid(): number;
  address(): string;
  /** Puts a spec file in place, whole. */
  spec(name: string, agents: Agents): void;
  /** Puts a directory of spec files in place at one stroke; the agents work in /, or where it is said. */
  specsAt(
    directory: string,
    projects: Readonly<Record<string, Agents>>,
    workingDir?: (project: string, agent: string) => string,
  ): void;
  /** The same, but writes the files alone. @returns puts them in place */
  stage(...specs: Parameters<Product['specsAt']>): () => void;
  /** What is said of the agents of a project. */
  agents(project: string): Status['status']['agents'];
  restartsOf(project: string): readonly number[];
  isReady(project: string): boolean;
  end(signal: NodeJS.Signals): Promise<void>;
}

interface Status {
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly agents: readonly {
      readonly name: string;
      readonly restarts: number;
      readonly git?: { readonly head?: string };
      readonly workTree?: { readonly state: string };
    }[];
  };
}

export function createProduct(main: string, root: string, env: Record<string, string>): Product {
  const specs = join(root, 'specs');
  const state = join(root, 'state');
  const socket = 'product';
  mkdirSync(specs, { mode: 0o700 });
  let child: ChildProcess | undefined;
  let address = '';

  function status(project: string): Status['status'] | undefined {
    try {
      return (JSON.parse(readFileSync(join(state, 'status', 'project', `${project}.json`), 'utf8')) as Status).status;
    } catch {
      return undefined;
    }
  }

  function stage(...[directory, projects, workingDir = () => '/']: Parameters<Product['specsAt']>): () => void {
    const staged = join(root, directory);
    mkdirSync(staged, { mode: 0o700 });
    for (const [name, agents] of Object.entries(projects)) {
      writeFileSync(
        join(staged, `${name}.json`),
        projectText(name, agents, {}, (agent) => workingDir(name, agent)),
      );
    }
    return () => {
      renameSync(staged, join(specs, directory));
    };
  }

  return {
    stage,
    socket,
    anchor: '_muxlet',
    specs,
    async start() {
      const flags = ['--specs', specs, '--state', state, '--tmux-socket', socket, '--listen', '127.0.0.1:0'];
      const node = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
      const started = spawn(process.execPath, [...node, main, 'run', ...flags, '--log-format', 'json'], {
        env,
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let out = '';
      let log = '';
      started.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      started.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-10_000)));
      child = started;
      await until('the controller says its address', () => {
        if (started.exitCode !== null) throw new Error(`the controller ended: ${log}`);
        address = /http:\/\/\S+/.exec(out)?.[0] ?? '';
        return address !== '';
      });
    },
    pid: () => child?.pid ?? 0,
    address: () => address,
    spec(name, agents) {
      const path = join(specs, `${name}.json`);
      writeFileSync(`${path}.tmp`, projectText(name, agents));
      renameSync(`${path}.tmp`, path);
    },
    specsAt(...args) {
      stage(...args)();
    },
    agents: (project) => status(project)?.agents ?? [],
    restartsOf: (project) => status(project)?.agents.map(({ restarts }) => restarts) ?? [],
    isReady: (project) =>
      status(project)?.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    async end(signal) {
      const ending = child;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      await new Promise((resolve) => {
        ending.once('exit', resolve);
        ending.kill(signal);
      });
    },
  };
}

/** Restarted at once however often it is killed. */
const BACKOFF = { initialSeconds: 0.01, maxSeconds: 0.01, resetAfterSeconds: 0 };

export function projectText(
  name: string,
  agents: Agents,
  more: Readonly<Record<string, unknown>> = {},
  workingDir: (agent: string) => string = () => '/',
): string {
  const list = Object.entries(agents).map(([agent, command]) => ({
    name: agent,
    command,
    workingDir: workingDir(agent),
    env: [{ name: 'BENCH_NAME', value: 'agent' }],
    restartPolicy: 'Always',
    backoff: BACKOFF,
  }));
  const project = {
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Project',
    metadata: { name },
    spec: { ...more, agents: list },
  };
  return JSON.stringify(project, undefined, 2);
}
