import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../controller/store/specs/clock.ts';
import { createCoalescer } from '../../../controller/store/specs/coalesce.ts';
import { CONFIRM_MS, lookAgain } from '../../../controller/store/specs/sightings.ts';
import { singleFlight } from '../../../controller/store/specs/single-flight.ts';
import type { LoadReport, SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { createWorld, fakeClock, project, type Started, start, type World } from './support.ts';

describe('the coalescer', () => {
  it('runs once it has been quiet for 150 ms', async () => {
    const clock = fakeClock(0);
    const ran: number[] = [];
    const { hint } = createCoalescer(clock, { run: () => ran.push(clock.now()) });
    hint();
    await clock.pass(100);
    hint();
    await clock.pass(1000);
    expect(ran).toEqual([250]);
  });

  it('waits no longer for what is told twice', async () => {
    const clock = fakeClock(0);
    const ran: number[] = [];
    const { hint, echo } = createCoalescer(clock, { run: () => ran.push(clock.now()) });
    hint();
    await clock.pass(100);
    echo();
    await clock.pass(100);
    echo();
    await clock.pass(1000);
    expect(ran).toEqual([150, 350]);
  });

  it('has things prepared after 50 ms of quiet', async () => {
    const clock = fakeClock(0);
    const steps: string[] = [];
    const { hint } = createCoalescer(clock, {
      run: () => steps.push(`run ${clock.now()}`),
      prepare: () => steps.push(`prepare ${clock.now()}`),
    });
    hint();
    await clock.pass(40);
    hint();
    await clock.pass(1000);
    expect(steps).toEqual(['prepare 90', 'run 190']);
  });

  it('never starves: a constant stream runs it every 500 ms', async () => {
    const clock = fakeClock(0);
    const ran: number[] = [];
    const { hint, cancel } = createCoalescer(clock, { run: () => ran.push(clock.now()) });
    for (let time = 0; time < 1500; time += 20) {
      hint();
      await clock.pass(20);
    }
    expect(ran).toEqual([500, 1000, 1500]);
    cancel();
  });
});

describe('singleFlight', () => {
  it('has one run in flight and one waiting, and answers with a run that began after the call', async () => {
    const finish: (() => void)[] = [];
    const run = singleFlight(() => new Promise((resolve) => finish.push(resolve)));
    const answered: string[] = [];
    void run().then(() => answered.push('first'));
    void run().then(() => answered.push('second'));
    void run().then(() => answered.push('third'));
    expect(finish).toHaveLength(1);
    finish[0]?.();
    await pause();
    expect([answered, finish.length]).toEqual([['first'], 2]);
    finish[1]?.();
    await pause();
    expect([answered, finish.length]).toEqual([['first', 'second', 'third'], 2]);
  });
});

describe('two looks', () => {
  const first = lookAgain(undefined, 'x', { began: 1000, ended: 1010 });

  it('agree if the second began 250 ms after the first ended', () => {
    const early = lookAgain(first, 'x', { began: 1010 + CONFIRM_MS - 1, ended: 2000 });
    expect(early.confirmed).toBe(false);
    expect(lookAgain(early, 'x', { began: 1010 + CONFIRM_MS, ended: 2000 }).confirmed).toBe(true);
    expect(lookAgain(first, 'y', { began: 5000, ended: 5000 }).confirmed).toBe(false);
  });

  it('[S79] count anew when the clock was set back', () => {
    const back = lookAgain(first, 'x', { began: 10, ended: 20 });
    expect(back).toEqual({ content: 'x', since: 20, confirmed: false });
    expect(lookAgain(back, 'x', { began: 300, ended: 310 }).confirmed).toBe(true);
  });
});

describe('watching real files', () => {
  let world: World;
  let running: Started | undefined;
  beforeEach(() => {
    world = createWorld();
  });
  afterEach(() => {
    running?.stop();
    world.remove();
  });

  const clock: Clock = {
    now: Date.now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };

  async function until(condition: () => boolean): Promise<number> {
    const began = performance.now();
    while (!condition()) {
      if (performance.now() - began > 10_000) throw new Error('it did not happen within 10 s');
      await pause(10);
    }
    return performance.now() - began;
  }

  const isConfirmed = (source: SpecSource, command: string) => {
    const desired = source.desiredProject('web');
    return desired.type === 'Present' && desired.confirmed && desired.project.agents[0]?.argv.at(-1) === command;
  };

  it('sees new, changed and removed files, the last write of a burst, and a directory that comes and goes', async () => {
    rmSync(world.specs, { recursive: true });
    const source = world.source({ clock });
    running = await start(source);
    mkdirSync(world.specs, { mode: 0o755 });
    world.write('deep/er/web.yaml', project('web', 'one'));
    await until(() => isConfirmed(source, 'one'));
    for (let write = 0; write < 30; write++) {
      world.write('deep/er/web.yaml', project('web', `burst-${write}`));
      await pause(3);
    }
    await until(() => isConfirmed(source, 'burst-29'));
    rmSync(`${world.specs}/deep`, { recursive: true });
    await until(() => source.desiredProject('web').type === 'Absent');
    world.write('web.yaml', project('web', 'two'));
    await until(() => isConfirmed(source, 'two'));
    rmSync(world.specs, { recursive: true });
    await source.reload();
    mkdirSync(world.specs, { mode: 0o755 });
    world.write('web.yaml', project('web', 'three'));
    await until(() => isConfirmed(source, 'three'));
    world.write('sub/web.yaml', project('web', 'four'));
    rmSync(`${world.specs}/web.yaml`);
    await until(() => isConfirmed(source, 'four'));
  }, 60_000);

  it('looks at 500 unchanged files by their attributes alone', async () => {
    for (let index = 0; index < 500; index++)
      world.write(`d${index % 7}/p${index}.yaml`, project(`p${index}`, `x${index}`));
    const reports: LoadReport[] = [];
    let ahead = 1000;
    const source = world.source({
      clock: { ...clock, now: () => Date.now() + ahead },
      listener: { loaded: (report) => reports.push(report) },
    });
    await source.reload();
    ahead += 1000; // the next look confirms, however soon it comes, and no later one has anything to tell
    for (let turn = 0; turn < 6; turn++) await source.reload();
    const [first = 0, ...others] = reports.map(({ duration }) => duration);
    expect(reports.at(-1)).toMatchObject({ files: 500, objects: 501, changed: [], problems: [] });
    // Reading and parsing all of them takes ten times as long, on whatever machine.
    expect(Math.min(...others)).toBeLessThan(first / 2);
  });
});
