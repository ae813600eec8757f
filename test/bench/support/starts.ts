import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

/** Hears of each agent's start from the agent itself: it writes its name and process id into a FIFO. */
export interface Starts {
  /** argv of an agent that says that it runs and then does nothing. */
  agent(name: string, options?: { readonly child?: boolean; readonly hold?: string }): string[];
  /** Settles with the time (performance.now) at which the last of these names has reported from now on. */
  next(names: readonly string[], timeoutMs?: number): Promise<number>;
  pidOf(name: string): number;
  close(): void;
}

export function listenForStarts(path: string): Starts {
  execFileSync('mkfifo', [path]);
  // Read-write, so that the FIFO never ends between two writers.
  const socket = new Socket({ fd: openSync(path, constants.O_RDWR | constants.O_NONBLOCK), writable: false });
  const pids = new Map<string, number>();
  const waiters = new Set<(name: string) => void>();
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [name = '', pid] = line.split(' ');
      pids.set(name, Number(pid));
      for (const waiter of waiters) waiter(name);
    }
  });
  return {
    agent(name, { child = false, hold } = {}) {
      const script = [
        ...(hold === undefined ? [] : [`exec 9<>${hold}`]),
        // First of all, with a child as without: what is measured is until its process runs.
        `echo "${name} $$" >${path}`,
        ...(child ? ['(trap "" HUP; exec sleep 1000000) &'] : []),
        'exec sleep 1000000',
      ];
      return ['sh', '-c', script.join('\n').replaceAll('&\n', '& ').replaceAll('\n', '; ')];
    },
    next(names, timeoutMs = 60_000) {
      const missing = new Set(names);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          reject(new Error(`not started within ${timeoutMs} ms: ${[...missing].slice(0, 5).join(' ')}`));
        }, timeoutMs);
        const waiter = (name: string): void => {
          missing.delete(name);
          if (missing.size > 0) return;
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(performance.now());
        };
        waiters.add(waiter);
      });
    },
    pidOf(name) {
      const pid = pids.get(name);
      if (pid === undefined) throw new Error(`${name} never started`);
      return pid;
    },
    close() {
      socket.destroy();
    },
  };
}
