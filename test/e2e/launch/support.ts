import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import { type Finished, MAIN, type World } from '../support/world.ts';

/** argv of an agent that runs a shell script. */
export function script(text: string): string[] {
  return ['sh', '-c', text];
}

/** An AgentClass as YAML (JSON is YAML); without a grace of its own, KILL follows TERM after a short while. */
export function classYaml(name: string, spec: Record<string, unknown> = {}): string {
  return JSON.stringify({
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'AgentClass',
    metadata: { name },
    spec: { terminationGracePeriodSeconds: 0.3, ...spec },
  });
}

export function condition(object: StoredObject | undefined, type: string) {
  return object?.status.conditions.find((candidate) => candidate.type === type);
}

/** Runs a verb with something on its standard input, or with another environment. */
export function muxletWith(
  world: World,
  args: readonly string[],
  {
    input = '',
    env = world.env,
    cwd = world.root,
  }: { input?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('close', (code) => resolve({ code: code ?? 127, stdout, stderr }));
  });
}

/** Whether a process runs; one that has ended and is not yet collected does not. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** The processes whose command line or environment holds the text. */
export function processesWith(text: string, file: 'cmdline' | 'environ'): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isSafeInteger(pid) && runs(pid) && readProc(pid, file).includes(text));
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** A number that a process wrote into a file, once it is there. */
export function pidIn(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Every file below a directory with its content's hash and its mode: two of them are equal if nothing was changed. */
export function snapshot(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name);
      const { mode, mtimeNs } = lstatSync(below, { bigint: true });
      const content = entry.isFile()
        ? createHash('sha256').update(readFileSync(below)).digest('hex')
        : entry.isSymbolicLink()
          ? readlinkSync(below)
          : '';
      found[below.slice(directory.length + 1)] = `${mode} ${mtimeNs} ${content}`;
      if (entry.isDirectory()) walk(below);
    }
  };
  walk(directory);
  return found;
}

/** The text of every file below a directory, FIFOs and sockets left out. */
export function textBelow(directory: string): string {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

interface EventLine {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** What `muxlet get events -o json` lists. */
export async function events(world: World): Promise<EventLine[]> {
  const { stdout } = await world.muxlet('get', 'events', '-o', 'json');
  return (JSON.parse(stdout) as { items: EventLine[] }).items;
}
