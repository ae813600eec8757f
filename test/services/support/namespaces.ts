import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { type Finished, until } from '../../e2e/support/world.ts';

export interface NamespacesOptions {
  /** Makes them, as `sh SCRIPT GROUP ARGS…`: moves into the control group, and becomes `unshare`. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Which of them are entered, as nsenter(1) has it. */
  readonly entered: readonly string[];
}

/** Processes, mounts and a control group of their own; all in them ends with the first process. */
export interface Namespaces {
  /** Runs a program in them. */
  run(...argv: string[]): Promise<Finished>;
  /** Once the first process has ended by itself: makes them once more. */
  again(): Promise<void>;
  end(): Promise<void>;
}

export async function startNamespaces({ script, args, env, entered }: NamespacesOptions): Promise<Namespaces> {
  const group = `muxlet-test-${randomBytes(4).toString('hex')}`;
  let outer: ChildProcess;
  let init = 0;

  async function start(): Promise<void> {
    outer = spawn('sh', [script, group, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    init = await until('the namespaces are there', () => firstChild(outer), 20_000);
  }

  async function end(): Promise<void> {
    const first = firstChild(outer);
    if (first !== undefined) process.kill(first, 'SIGKILL');
    outer.kill('SIGKILL');
    await removeGroups(group);
  }

  try {
    await start();
  } catch (error) {
    await end();
    throw error;
  }
  return {
    run: (...argv) => runIn(['nsenter', '-t', String(init), ...entered, '--wd=/', ...argv], env),
    async again() {
      await until('all in them has ended', () => outer.exitCode !== null || outer.signalCode !== null, 60_000);
      await start();
    },
    end,
  };
}

function firstChild({ pid }: ChildProcess): number | undefined {
  try {
    // Before it is in namespaces, its children are those that make ready for them.
    if (readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'unshare\n') return undefined;
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    return child > 0 ? child : undefined;
  } catch {
    return undefined;
  }
}

async function removeGroups(name: string): Promise<void> {
  const roots = ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((group) => `/sys/fs/cgroup/${group}`)];
  for (const group of roots.map((folder) => `${folder}/${name}`)) {
    // The last process of a group takes a moment to be gone.
    await until(`${group} is gone`, () => removeTree(group), 10_000);
  }
}

function removeTree(group: string): true {
  for (const entry of list(group)) removeTree(`${group}/${entry}`);
  try {
    rmdirSync(group);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return true;
}

function list(group: string): string[] {
  try {
    return readdirSync(group, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}

function runIn([file = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: 60_000, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, stderr });
    });
  });
}
