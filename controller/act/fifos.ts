import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../exec/run-command.ts';
import { supervise } from '../exec/supervise.ts';

const BATCH = 64;
const LOW = 16;

export interface Fifos {
  /**
   * The FIFO of an agent, state/agents/<uid>/alive; made if it is not there. The path is given also if it could not be
   * made: the agent starts without, and its end is seen a little later. Undefined: none is needed.
   */
  of(agentUid: string): Promise<string | undefined>;
  /** Removes the agent's folder, once nothing of it is left. */
  remove(agentUid: string): void;
}

/**
 * FIFOs are made in batches ahead of need, since making one takes a fork: Node cannot.
 *
 * @param areNeeded whether nothing else tells of an agent's end as soon
 */
export function createFifos(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  areNeeded: () => Promise<boolean> = () => Promise.resolve(true),
): Fifos {
  const store = join(directory, '.fifos');
  let spare = listSpare(store);
  let counter = 0;
  let making: Promise<void> | undefined;

  async function make(): Promise<void> {
    try {
      mkdirSync(store, { recursive: true, mode: 0o700 });
    } catch {
      return;
    }
    const names = Array.from({ length: BATCH }, () => `${process.pid}-${(counter += 1)}`);
    const result = await runCommand('mkfifo', ['-m', '600', ...names], { timeoutMs: 5000, cwd: store, env });
    if (result.ok) spare.push(...names);
  }

  function refill(): Promise<void> {
    making ??= make().finally(() => {
      making = undefined;
    });
    return making;
  }

  function take(path: string): boolean {
    const name = spare.pop();
    if (name === undefined) return false;
    try {
      renameSync(join(store, name), path);
      return true;
    } catch {
      spare = []; // somebody deleted the folder
      return false;
    }
  }

  return {
    async of(agentUid) {
      if (!(await areNeeded())) return undefined;
      const folder = join(directory, agentUid);
      const path = join(folder, 'alive');
      if (existsSync(path)) return path;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
      } catch {
        return path;
      }
      if (!take(path)) {
        await refill();
        take(path);
      }
      if (spare.length < LOW) supervise(refill());
      return path;
    },
    remove(agentUid) {
      rmSync(join(directory, agentUid), { recursive: true, force: true });
    },
  };
}

function listSpare(store: string): string[] {
  try {
    return readdirSync(store);
  } catch {
    return [];
  }
}
