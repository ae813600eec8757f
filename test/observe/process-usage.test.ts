import { describe, expect, test } from 'vitest';
import type { ProcessStat, ProcessTable } from '../../controller/observe/process-table.ts';
import { createUsageMeter, type Root } from '../../controller/observe/process-usage.ts';

/** A machine whose processes a test makes up, and which counts how often one is read. */
function machine() {
  const processes = new Map<number, ProcessStat>();
  const reads: number[] = [];
  let now = 0;
  const table: ProcessTable = {
    stat: (pid) => {
      reads.push(pid);
      return processes.get(pid) ?? 'Gone';
    },
    mark: () => ({ type: 'Unreadable' }),
    all: async () => [...processes.values()],
    pids: () => [...processes.keys()],
  };
  const put = (pid: number, parent: number, more: Partial<ProcessStat> = {}): Root => {
    const before = processes.get(pid);
    const stat = {
      pid,

      session: pid,
      zombie: false,
      startTime: `s${pid}`,
      name: 'x',
      cpuMs: 0,
      residentBytes: 100,
      ...before,
      parent,
      ...more,
    };
    processes.set(pid, stat);
    return stat;
  };
  return {
    table,
    reads,
    put,
    end: (pid: number) => processes.delete(pid),
    later: (ms: number) => {
      now += ms;
    },
    meter: () => createUsageMeter(table, () => now),
  };
}

describe('what a tree of processes uses', () => {
  test('is the sum of all its processes since the last look', async () => {
    const { put, later, meter } = machine();
    const { look } = meter();
    const root = put(10, 1, { cpuMs: 5000 });
    put(11, 10, { cpuMs: 700 });
    put(12, 11);
    put(99, 1, { cpuMs: 9 });
    expect(await look([root])).toEqual(new Map([[10, { memory: 300, processes: 3 }]]));
    later(1000);
    put(10, 1, { cpuMs: 5100 });
    put(12, 11, { cpuMs: 150 });
    expect(await look([root])).toEqual(new Map([[10, { cpu: 25, memory: 300, processes: 3 }]]));
  });

  test('counts a child that is new in full, takes nothing back for one that ended, and knows one left by its parent', async () => {
    const { put, end, later, meter } = machine();
    const { look } = meter();
    const root = put(10, 1);
    put(11, 10, { cpuMs: 60_000, session: 10 });
    await look([root]);
    later(1000);
    end(11);
    put(12, 10, { cpuMs: 300, session: 10 });
    expect((await look([root]))?.get(10)).toEqual({ cpu: 30, memory: 200, processes: 2 });
    later(1000);
    put(12, 1, { cpuMs: 400 });
    expect((await look([root]))?.get(10)).toEqual({ cpu: 10, memory: 200, processes: 2 });
  });

  test('counts programs that came and went between two looks, and none twice', async () => {
    const { put, end, later, meter } = machine();
    const { look } = meter();
    const root = put(10, 1, { cpuMs: 100, childrenCpuMs: 1000 });
    put(11, 10, { cpuMs: 500, childrenCpuMs: 0 });
    await look([root]);
    later(1000);
    // The child worked for 50 ms more and ended; another one did all of its 200 ms meanwhile.
    end(11);
    put(10, 1, { childrenCpuMs: 1750 });
    expect((await look([root]))?.get(10)?.cpu).toBe(25);
    later(1000);
    put(12, 10, { cpuMs: 80, childrenCpuMs: 0 });
    await look([root]);
    later(1000);
    // It has ended, and nobody has waited for it yet.
    put(12, 10, { cpuMs: 100, childrenCpuMs: 0, zombie: true });
    expect((await look([root]))?.get(10)).toEqual({ cpu: 2, memory: 200, processes: 1 });
  });

  test("is not that of another process with the root's number, nor of a zombie", async () => {
    const { put, meter } = machine();
    const root = put(10, 1, { startTime: 'other' });
    put(20, 1, { zombie: true });
    expect(
      await meter().look([
        { ...root, startTime: 'mine' },
        { pid: 20, startTime: 's20' },
      ]),
    ).toEqual(new Map());
  });

  test('of an agent that was just started says nothing of the time before', async () => {
    const { put, later, meter } = machine();
    const { look } = meter();
    const first = put(10, 1);
    await look([first]);
    later(500);
    const second = put(30, 1, { cpuMs: 100_000 });
    expect((await look([first, second]))?.get(30)?.cpu).toBe(0);
  });

  test('strangers are read once, and again after a while: their numbers may have become somebody else', async () => {
    const { put, reads, later, meter } = machine();
    const { look } = meter();
    const root = put(10, 1);
    for (let pid = 100; pid < 200; pid += 1) put(pid, 1);
    await look([root]);
    reads.length = 0;
    later(500);
    put(201, 10);
    expect((await look([root]))?.get(10)?.processes).toBe(2);
    expect(reads).toEqual([10, 201]);
    put(150, 10, { startTime: 'new' });
    later(5000);
    expect((await look([root]))?.get(10)?.processes).toBe(3);
  });

  test('is unknown where the table cannot be read', async () => {
    const { table } = machine();
    const { pids: _, ...rest } = table;
    const blind = { ...rest, all: async () => undefined };
    expect(await createUsageMeter(blind, () => 0).look([])).toBeUndefined();
    expect(await createUsageMeter({ ...blind, pids: () => undefined }, () => 0).look([])).toBeUndefined();
  });
});
