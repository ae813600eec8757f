import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { linuxProcessTable, readAll } from '../../controller/observe/linux-process-table.ts';
import { type Numbering, numbersBetween } from '../../controller/observe/numbering.ts';

describe.runIf(process.platform === 'linux')('a zombie', () => {
  test.each([
    ['exit 3', { exitCode: 3 }],
    ['kill -KILL $$', { signal: 9 }],
    // 0 is also what is shown to those who may not know.
    ['exit 0', undefined],
  ])('that ended by %j says how', async (script, ended) => {
    // Its parent gives its place to a program that collects nobody; only then it ends.
    const wait = 'until [ "$(cat /proc/$PPID/comm)" = sleep ]; do :; done';
    const parent = spawn('sh', ['-c', `sh -c '${wait}; ${script}' & echo $!; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
      const zombie = async () => {
        for (const end = Date.now() + 5000; Date.now() < end; ) {
          const stat = linuxProcessTable.stat(Number(pid));
          if (typeof stat !== 'string' && stat.zombie) return stat;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        throw new Error('it never ended');
      };
      expect((await zombie()).ended).toEqual(ended);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

describe.runIf(process.platform === 'linux')('the numbers of processes', () => {
  const numbering = () => {
    const now = linuxProcessTable.numbering?.();
    if (now === undefined) throw new Error('the system does not say');
    return now;
  };
  const bearersSince = (before: Numbering) => {
    const numbers = numbersBetween(before, numbering());
    return linuxProcessTable.bearers?.(numbers ?? []) ?? [];
  };

  test('tell who has begun between two moments, and is still there', async () => {
    const before = numbering();
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      const begun = bearersSince(before).map(({ stat }) => stat?.pid);
      expect(begun).toContain(child.pid);
      expect(begun).not.toContain(process.pid);
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
    expect(linuxProcessTable.bearers?.([child.pid ?? 0])).toEqual([]);
  });

  test('are borne by threads as well, which are no processes', async () => {
    const before = numbering();
    const worker = new Worker('setTimeout(() => undefined, 60_000)', { eval: true });
    try {
      await once(worker, 'online');
      const threads = new Set(readdirSync('/proc/self/task').map(Number));
      const begun = bearersSince(before).filter(({ number }) => threads.has(number));
      expect(numbering().begun).toBeGreaterThan(before.begun);
      expect(begun.length).toBeGreaterThan(0);
      expect(begun.filter(({ stat }) => stat !== undefined)).toEqual([]);
    } finally {
      await worker.terminate();
    }
  });
});

describe('a look through the whole table', () => {
  const stat = (pid: number) => ({ pid, parent: 1, session: pid, zombie: false, startTime: '1', name: 'sh' });

  test('leaves out who is gone, and who is hidden from us', async () => {
    const seen = await readAll([7, 8, 9], (pid) => (pid === 7 ? 'Gone' : pid === 8 ? 'Unknown' : stat(pid)));
    expect(seen?.map(({ pid }) => pid)).toEqual([9]);
  });

  test('tells nothing where descriptors ran out on the way: who could not be read is not gone', async () => {
    const read = (pid: number) => {
      if (pid === 8) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      return stat(pid);
    };
    expect(await readAll([7, 8, 9], read)).toBeUndefined();
  });
});
