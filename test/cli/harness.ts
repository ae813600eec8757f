import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Event, ProjectStatus } from '../../controller/api/generated/all.ts';
import { specHashOf } from '../../controller/api/normalise.ts';
import type { CliDeps, Env } from '../../controller/cli/ports.ts';
import { buildProgram, runProgram } from '../../controller/cli/program.ts';
import { createStores } from '../../controller/cli/stores.ts';

/** The moment at which every test happens. */
const NOW = Date.parse('2026-03-01T12:00:00.000Z');

export interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Bench {
  readonly root: string;
  /** What the verbs are given; a test replaces what it is about. */
  readonly deps: CliDeps;
  run(...args: string[]): Promise<Result>;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
}

export interface BenchOptions extends Partial<CliDeps> {
  readonly input?: string;
  readonly env?: Env;
}

/** A directory with specs/ in it, and the command line on in-memory streams: no process, no terminal, no tmux. */
export async function bench({ input = '', ...overrides }: BenchOptions = {}): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), 'muxlet-cli-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'specs'), { mode: 0o755 });
  const printed = { out: '', err: '', code: 0 };
  const deps: CliDeps = {
    env: {},
    stdin: (async function* () {
      yield input;
    })(),
    stdout: { write: (text) => (printed.out += text) },
    stderr: { write: (text) => (printed.err += text) },
    isTTY: { stdin: false, stdout: false, stderr: false },
    isJournal: false,
    self: { platform: 'linux', uid: 1000, argv: ['/usr/bin/node', '/opt/muxlet/dist/controller/main.js'] },
    cwd: root,
    home: join(root, 'home'),
    version: '1.2.3',
    now: () => NOW,
    interrupt: new AbortController().signal,
    setExitCode: (code) => {
      printed.code = code;
    },
    stores: createStores({ presets: new URL('../../manifests/presets', import.meta.url).pathname, now: () => NOW }),
    controller: { find: async () => undefined, stop: async () => undefined },
    programs: {
      run: async () => ({ ok: false, stdout: '', stderr: '' }),
      runInTerminal: async () => 127,
    },
    logs: { open: async () => ({ lines: [], follow: async function* () {} }) },
    planner: { plan: async () => [] },
    teardown: { sessions: async () => [], end: async () => ({ ok: true }), endEmptyServers: async () => [] },
    rescue: {
      world: async () => ({
        wanted: new Map(),
        specsUnsure: false,
        objects: [],
        inventory: new Map(),
        tmux: { state: 'Known', at: NOW, value: { sessions: [], panes: [] } },
        processes: { state: 'Known', at: NOW, value: [] },
      }),
      endProcesses: async () => [],
      metrics: async () => undefined,
    },
    locks: { withLock: (_path, _timeoutMs, run) => run() },
    notifier: { deliver: async () => ({ type: 'Delivered' }) },
    ...overrides,
  };
  return {
    root,
    deps,
    async run(...args) {
      Object.assign(printed, { out: '', err: '', code: 0 });
      await runProgram(await buildProgram(deps, { args }), deps, args);
      return { ...printed };
    },
    async write(path, text) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    },
    read: (path) => readFile(join(root, path), 'utf8'),
  };
}

/** A project's spec as a person writes it. */
export function specText(name: string, { labels = {}, agents = ['dev'] }: { labels?: object; agents?: string[] } = {}) {
  const metadata = JSON.stringify({ name, labels });
  const list = agents.map((agent) => `    - name: ${agent}\n      command: [sleep, infinity] # never ends\n`).join('');
  return `# the ${name} team\napiVersion: muxlet.dev/v1alpha1\nkind: Project\nmetadata: ${metadata}\nspec:\n  agents:\n${list}`;
}

export function statusOf(agents: readonly string[], overrides: Partial<ProjectStatus> = {}): ProjectStatus {
  return {
    observedGeneration: 1,
    phase: 'Running',
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'AgentsReady',
        message: 'all agents are ready',
        lastTransitionTime: '2026-03-01T11:00:00.000Z',
        observedGeneration: 1,
      },
    ],
    agents: agents.map((name, index) => ({
      name,
      uid: `uid-${name}`,
      class: 'shell',
      state: 'Idle',
      ready: true,
      restarts: 0,
      failures: 0,
      pid: 100 + index,
      pane: { server: 'muxlet', session: '$1', window: `@${index}`, id: `%${index}` },
    })),
    session: { server: 'muxlet', id: '$1', name: 'web' },
    ...overrides,
  };
}

/** What state/status/project/NAME.json holds. */
export function storedText(name: string, status: ProjectStatus, metadata: object = {}, spec = specText(name)): string {
  return JSON.stringify({
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Project',
    metadata: {
      name,
      uid: `uid-of-${name}`,
      generation: 1,
      creationTimestamp: '2026-03-01T10:00:00.000Z',
      finalizers: [],
      ...metadata,
    },
    specHash: specHashOf(parse(spec)),
    status,
  });
}

export function eventText(name: string, overrides: Partial<Event> = {}): string {
  return `${JSON.stringify({
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Event',
    metadata: { name },
    type: 'Normal',
    reason: 'AgentStarted',
    message: 'agent dev started',
    count: 1,
    firstTimestamp: '2026-03-01T11:50:00.000Z',
    lastTimestamp: '2026-03-01T11:57:00.000Z',
    involvedObject: { kind: 'Project', name: 'web' },
    ...overrides,
  })}\n`;
}

/** Every file below a directory with its content and times, to see that nothing was touched. */
export async function fingerprint(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mtimeMs, ctimeMs, ino, mode } = await stat(path);
    const content = entry.isFile() ? await readFile(path, 'utf8') : '';
    lines.push([path, mtimeMs, ctimeMs, ino, mode, content].join(' '));
  }
  return lines.sort().join('\n');
}

/** With a project of two agents that run. */
export async function withWeb(options: BenchOptions = {}, agents = ['dev', 'ops']) {
  const it = await bench(options);
  await it.write('specs/web.yaml', specText('web', { agents }));
  await it.write('state/status/project/web.json', storedText('web', statusOf(agents)));
  return it;
}
