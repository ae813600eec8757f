import { constants } from 'node:fs';
import { access, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import type { AgentClassStatus } from '../../api/generated/all.ts';
import type { CliDeps, Places } from '../ports.ts';
import type { Facts, FolderFacts, ToolFacts } from './facts.ts';

const TOOL_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 1000;

type FactsDeps = Pick<CliDeps, 'programs' | 'controller' | 'env' | 'stores'>;

/** Looks at the machine. Changes nothing: directories that are missing stay missing. */
export async function gatherFacts(places: Places, deps: FactsDeps): Promise<Facts> {
  const tool = (argv: readonly string[]) => toolFacts(argv, deps);
  const socketFolder = join(deps.env['TMUX_TMPDIR'] || '/tmp', `tmux-${process.getuid?.() ?? 0}`);
  const [tmux, git, flock, specs, state, sockets, openFiles, controller] = await Promise.all([
    tool(['tmux', '-V']),
    tool(['git', '--version']),
    tool(['flock', '--version']),
    folderFacts(places.specs),
    folderFacts(places.state),
    folderFacts(socketFolder),
    openFilesLimit(deps),
    deps.controller.find(places),
  ]);
  return {
    platform: process.platform,
    node: process.version,
    tmux,
    git,
    flock,
    specs,
    state,
    sockets,
    staleSockets: await staleSockets(socketFolder, places.socket),
    freeBytes: await freeBytes(places.state),
    ptyMax: await readNumber('/proc/sys/kernel/pty/max'),
    ptyUsed: await readNumber('/proc/sys/kernel/pty/nr'),
    openFiles,
    locale: [deps.env['LC_ALL'], deps.env['LC_CTYPE'], deps.env['LANG']].find(
      (name) => name !== undefined && name !== '',
    ),
    controller,
    classes: await usedClasses(places, deps),
  };
}

async function usedClasses(places: Places, { stores }: FactsDeps): Promise<Facts['classes']> {
  const { objects } = await stores.state(places);
  return objects.flatMap(({ kind, metadata: { name }, status }) => {
    const seen = status as unknown as AgentClassStatus;
    return kind === 'AgentClass' && seen.agents > 0 ? [{ name, status: seen }] : [];
  });
}

/** The first line of what a tool says of itself; flock of macOS has no --version, but then it says how it is used. */
async function toolFacts(argv: readonly string[], { programs }: FactsDeps): Promise<ToolFacts> {
  const { ok, stdout, stderr } = await programs.run(argv, { timeoutMs: TOOL_TIMEOUT_MS });
  const [line = ''] = `${stdout}\n${stderr}`.trim().split('\n');
  return { version: ok && line !== '' ? line.trim() : undefined };
}

async function openFilesLimit({ programs }: FactsDeps): Promise<number | undefined> {
  const { ok, stdout } = await programs.run(['sh', '-c', 'ulimit -Hn'], { timeoutMs: TOOL_TIMEOUT_MS });
  const limit = stdout.trim();
  if (!ok || limit === '') return undefined;
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}

async function folderFacts(path: string): Promise<FolderFacts> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return { state: 'Missing', path, creatable: await isWritable(await nearestFolder(path)) };
  if (!facts.isDirectory()) return { state: 'NotADirectory', path };
  return {
    state: 'Directory',
    path,
    readable: await isAllowed(path, constants.R_OK | constants.X_OK),
    writable: await isWritable(path),
    mode: facts.mode & 0o777,
    ownedByUs: facts.uid === process.getuid?.(),
  };
}

/** The nearest directory above a path that exists. */
async function nearestFolder(path: string): Promise<string> {
  const above = dirname(path);
  const exists = await stat(above).then(
    () => true,
    () => false,
  );
  return exists || above === path ? above : await nearestFolder(above);
}

async function isWritable(path: string): Promise<boolean> {
  return await isAllowed(path, constants.W_OK | constants.X_OK);
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  );
}

async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(await nearestFolder(join(path, 'x')));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

async function readNumber(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** Our servers' sockets are NAME, NAME.1, NAME.2 …; one that refuses a connection has lost its server. */
async function staleSockets(folder: string, name: string): Promise<readonly string[]> {
  const entries = await readdir(folder).catch(() => []);
  const ours = entries.filter((entry) => entry === name || /^\.\d+$/.test(entry.slice(name.length)));
  const own = ours.filter((entry) => entry.startsWith(name)).map((entry) => join(folder, entry));
  const refused = await Promise.all(own.map(isRefused));
  return own.filter((_, index) => refused[index]).sort();
}

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => end(false));
    socket.once('connect', () => end(false));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}
