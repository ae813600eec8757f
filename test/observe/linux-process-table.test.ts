import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { linuxProcessTable } from '../../controller/observe/linux-process-table.ts';

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
