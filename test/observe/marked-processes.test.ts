import { describe, expect, test } from 'vitest';
import { createMarkedProcessEyes } from '../../controller/observe/marked-processes.ts';
import { processWorld } from './process-world.ts';

/** As the system numbers processes, or as one that does not say. */
function world({ tells = true } = {}) {
  const { table, numbered, counts, clock, ...verbs } = processWorld();
  let failing = 0;
  const bearers = (numbers: readonly number[]) => {
    failing -= 1;
    return failing >= 0 ? undefined : numbered.bearers(numbers);
  };
  const eyes = createMarkedProcessEyes(
    tells ? { ...numbered, bearers } : table,
    () => clock.now,
    () => new Set(),
  );
  const pidsOf = async (uid: string, maxAgeMs = 0): Promise<number[]> => {
    const look = await eyes.look(uid, maxAgeMs);
    return look.state === 'Known' ? look.value.map(({ pid }) => pid) : [];
  };
  /** So that nobody is young any more. */
  const settle = async (): Promise<void> => {
    await eyes.all();
    clock.now += 1000;
    await eyes.all();
    clock.now += 1;
    Object.assign(counts, { walks: 0, stats: 0, asked: 0 });
  };
  /** So many times it cannot be told who bears a number, as where descriptors run out. */
  const fail = (times: number): void => {
    failing = times;
  };
  return { clock, counts, pidsOf, settle, fail, ...verbs };
}

describe('a look at the processes of a project', () => {
  test('shows its own alone', async () => {
    const { begin, pidsOf } = world();
    const pid = begin({ uid: 'web' });
    begin({ uid: 'api' });
    begin({});
    expect(await pidsOf('web')).toEqual([pid]);
  });

  test('reads none but its own and those who are new, however long the last walk is over', async () => {
    const { clock, counts, begin, pidsOf, settle } = world();
    const own = [begin({ uid: 'web' }), begin({ uid: 'web' })];
    for (let count = 0; count < 50; count += 1) begin({ uid: 'api' });
    await settle();
    clock.now += 60_000;
    expect(await pidsOf('web')).toEqual(own);
    expect(counts).toMatchObject({ walks: 0, stats: 2 });
    const born = begin({ uid: 'web' });
    expect(await pidsOf('web')).toEqual([...own, born]);
    expect(counts).toMatchObject({ walks: 0, stats: 2 + 3 });
  });

  test('sees who has ended, or is a zombie', async () => {
    const { begin, end, endUncollected, pidsOf, settle } = world();
    const [first, second, third] = [begin({ uid: 'web' }), begin({ uid: 'web' }), begin({ uid: 'web' })];
    await settle();
    end(first);
    endUncollected(second);
    expect(await pidsOf('web')).toEqual([third]);
  });

  test('sees who has begun since another project was looked at', async () => {
    const { begin, pidsOf, settle } = world();
    await settle();
    const pid = begin({ uid: 'web' });
    expect(await pidsOf('api')).toEqual([]);
    expect(await pidsOf('web')).toEqual([pid]);
  });

  test('asks once for all who ask together and would be told what was so before', async () => {
    const { clock, counts, announce, pidsOf, settle } = world();
    await settle();
    clock.now += 2000;
    await pidsOf('web');
    announce();
    clock.now += 1000;
    counts.asked = 0;
    await pidsOf('web', 500);
    expect(counts.asked).toBe(1);
    clock.now += 400;
    await pidsOf('api', 500);
    expect(counts.asked).toBe(1);
    await pidsOf('api', 400);
    expect(counts.asked).toBe(2);
  });

  test('sees who could not be seen yet when its number was given', async () => {
    const { clock, announce, begin, beginAs, pidsOf, settle } = world();
    await settle();
    const pid = announce();
    for (let count = 0; count < 5; count += 1) begin({});
    expect(await pidsOf('web')).toEqual([]);
    clock.now += 900;
    beginAs(pid, { uid: 'web' }, false);
    expect(await pidsOf('web')).toEqual([pid]);
  });

  test('asks no more for a number that somebody was seen to bear, nor for one that was given long ago', async () => {
    const { clock, counts, announce, begin, pidsOf, settle } = world();
    await settle();
    await pidsOf('web');
    clock.now += 1000;
    await pidsOf('web');
    counts.asked = 0;
    begin({ uid: 'web' });
    announce();
    await pidsOf('web');
    expect(counts.asked).toBe(2);
    await pidsOf('web');
    expect(counts.asked).toBe(3);
    clock.now += 1000;
    await pidsOf('web');
    await pidsOf('web');
    expect(counts.asked).toBe(4);
  });

  test('takes a process for what it becomes when it executes its own program', async () => {
    const { begin, execute, pidsOf, settle } = world();
    const parent = begin({ uid: 'api' });
    await settle();
    const pid = begin({ parent });
    expect(await pidsOf('api')).toEqual([parent, pid]);
    execute(pid, 'web');
    expect(await pidsOf('web')).toEqual([pid]);
    expect(await pidsOf('api')).toEqual([parent]);
  });

  test('does not take another process for one whose number it has', async () => {
    const { begin, end, beginAs, pidsOf, settle } = world();
    const pid = begin({ uid: 'web' });
    await settle();
    end(pid);
    beginAs(pid, { uid: 'api' });
    expect(await pidsOf('web')).toEqual([]);
    expect(await pidsOf('api')).toEqual([pid]);
  });

  test('walks through the whole table where too many have begun to ask for each', async () => {
    const { counts, begin, end, pidsOf, settle } = world();
    const pid = begin({ uid: 'web' });
    await settle();
    for (let count = 0; count < 1001; count += 1) end(begin({}));
    expect(await pidsOf('web')).toEqual([pid]);
    expect(counts.walks).toBe(1);
  });

  test('asks those of whom nothing is certain yet once, for all who can do with what is a moment old', async () => {
    const { clock, counts, begin, pidsOf, settle } = world();
    await settle();
    const pids = Array.from({ length: 20 }, (_, index) => begin({ uid: `p${index}` }));
    clock.now += 100;
    await pidsOf('other');
    for (const [index, pid] of pids.entries()) expect(await pidsOf(`p${index}`, 50)).toEqual([pid]);
    expect(counts).toMatchObject({ walks: 0, stats: 2 * 20 });
  });

  test('shows who has begun also to one of two at once whose fellow could not be told', async () => {
    const { begin, pidsOf, settle, fail } = world();
    await settle();
    const pid = begin({ uid: 'web' });
    fail(1);
    const [, pids] = await Promise.all([pidsOf('api'), pidsOf('web')]);
    expect(pids).toEqual([pid]);
  });

  test('is shared where it is new enough', async () => {
    const { clock, counts, begin, pidsOf } = world();
    begin({ uid: 'web' });
    const pid = begin({ uid: 'api' });
    await pidsOf('web');
    clock.now += 900;
    expect(await pidsOf('api', 1000)).toEqual([pid]);
    expect(counts).toMatchObject({ walks: 1, stats: 0 });
  });

  test('where the system does not say who has begun, walks through the whole table each time', async () => {
    const { clock, counts, begin, pidsOf, settle } = world({ tells: false });
    const pid = begin({ uid: 'web' });
    await settle();
    expect(await pidsOf('web')).toEqual([pid]);
    clock.now += 1;
    const born = begin({ uid: 'web' });
    expect(await pidsOf('web')).toEqual([pid, born]);
    expect(counts).toMatchObject({ walks: 2, stats: 0 });
  });
});
