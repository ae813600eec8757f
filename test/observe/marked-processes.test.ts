import { describe, expect, test } from 'vitest';
import { createMarkedProcessEyes } from '../../controller/observe/marked-processes.ts';
import type { ProcessStat, ProcessTable } from '../../controller/observe/process-table.ts';

interface Fake {
  readonly stat: ProcessStat;
  readonly uid?: string;
}

/** Processes that come and go, and how often each way of reading them was used. */
function world() {
  const clock = { now: 10_000 };
  const processes = new Map<number, Fake>();
  const counts = { walks: 0, stats: 0 };
  const put = (pid: number, uid?: string, zombie = false): void => {
    const stat = { pid, parent: 1, session: pid, zombie, startTime: `${pid}`, name: 'sh' };
    processes.set(pid, { stat, ...(uid !== undefined && { uid }) });
  };
  const table: ProcessTable = {
    stat(pid) {
      counts.stats += 1;
      return processes.get(pid)?.stat ?? 'Gone';
    },
    mark(pid) {
      const uid = processes.get(pid)?.uid;
      return uid === undefined ? { type: 'Unmarked' } : { type: 'Marked', uid, agent: 'dev', run: '1-a' };
    },
    async all() {
      counts.walks += 1;
      return [...processes.values()].map(({ stat }) => stat);
    },
    pids: () => [...processes.keys()],
  };
  const eyes = createMarkedProcessEyes(
    table,
    () => clock.now,
    () => new Set(),
  );
  const pidsOf = async (uid: string, maxAgeMs = 0): Promise<number[]> => {
    const look = await eyes.look(uid, maxAgeMs);
    return look.state === 'Known' ? look.value.map(({ pid }) => pid) : [];
  };
  return { clock, processes, counts, put, pidsOf };
}

describe('a look at the processes of a project', () => {
  test('shows its own alone', async () => {
    const { put, pidsOf } = world();
    put(10, 'web');
    put(11, 'api');
    put(12);
    expect(await pidsOf('web')).toEqual([10]);
  });

  test('soon after another one reads none but its own and those who are new', async () => {
    const { clock, counts, put, pidsOf } = world();
    for (let pid = 10; pid < 60; pid += 1) put(pid, pid < 12 ? 'web' : 'api');
    await pidsOf('web');
    clock.now += 50;
    put(70, 'web');
    expect(await pidsOf('web')).toEqual([10, 11, 70]);
    expect(counts).toEqual({ walks: 1, stats: 3 });
  });

  test('soon after another one sees who has ended, or is a zombie', async () => {
    const { clock, processes, put, pidsOf } = world();
    for (const pid of [10, 11, 12]) put(pid, 'web');
    await pidsOf('web');
    clock.now += 50;
    processes.delete(10);
    put(11, 'web', true);
    expect(await pidsOf('web')).toEqual([12]);
  });

  test('walks through the whole table again after two seconds', async () => {
    const { clock, counts, put, pidsOf } = world();
    put(10, 'web');
    await pidsOf('web');
    clock.now += 2001;
    await pidsOf('web');
    expect(counts).toEqual({ walks: 2, stats: 0 });
  });

  test('walks through it sooner where many ask who can do with what is a moment old, and serves them all', async () => {
    const { clock, counts, put, pidsOf } = world();
    for (let pid = 10; pid < 60; pid += 1) put(pid, `p${pid}`);
    await pidsOf('p10');
    clock.now += 1500;
    for (let pid = 10; pid < 60; pid += 1) expect(await pidsOf(`p${pid}`, 1000)).toEqual([pid]);
    expect(counts.walks).toBe(2);
    expect(counts.stats).toBe(3);
  });

  test('of who can do with nothing but the present never waits for a whole walk', async () => {
    const { clock, counts, put, pidsOf } = world();
    for (let pid = 10; pid < 60; pid += 1) put(pid, `p${pid}`);
    await pidsOf('p10');
    clock.now += 1500;
    for (let pid = 10; pid < 60; pid += 1) expect(await pidsOf(`p${pid}`)).toEqual([pid]);
    expect(counts.walks).toBe(1);
  });

  test('is shared where it is new enough', async () => {
    const { clock, counts, put, pidsOf } = world();
    put(10, 'web');
    put(11, 'api');
    await pidsOf('web');
    clock.now += 900;
    expect(await pidsOf('api', 1000)).toEqual([11]);
    expect(counts).toEqual({ walks: 1, stats: 0 });
  });
});
