import { describe, expect, test } from 'vitest';
import { createKnownMarks } from '../../controller/observe/known-marks.ts';
import type { MarkReading, ProcessStat } from '../../controller/observe/process-table.ts';

const OURS: MarkReading = { type: 'Marked', uid: 'u', agent: 'dev', run: '1-a' };
const NONE: MarkReading = { type: 'Unmarked' };
const HIDDEN: MarkReading = { type: 'Unreadable' };

function world(first: MarkReading) {
  const clock = { now: 0 };
  const environment = { reading: first, reads: 0 };
  const mark = () => {
    environment.reads += 1;
    return environment.reading;
  };
  return { clock, environment, marks: createKnownMarks({ mark }, () => clock.now) };
}

function processOf(startTime = '7'): ProcessStat {
  return { pid: 10, parent: 1, session: 10, zombie: false, startTime, name: 'sh' };
}

describe('the marks of a process', () => {
  test.each([[OURS], [NONE]])('are not read again once two readings a second apart agree: %j', (reading) => {
    const { clock, environment, marks } = world(reading);
    for (const at of [0, 1000, 1001, 9000]) {
      clock.now = at;
      expect(marks.of(processOf())).toEqual(reading);
    }
    expect(environment.reads).toBe(2);
  });

  test('are those of its own program, once it has taken the place of its parent', () => {
    const { clock, environment, marks } = world(NONE);
    marks.of(processOf());
    clock.now = 5;
    environment.reading = OURS;
    expect(marks.of(processOf())).toEqual(OURS);
  });

  test('stay known when it writes its title over them', () => {
    const { clock, environment, marks } = world(OURS);
    marks.of(processOf());
    clock.now = 1000;
    marks.of(processOf());
    environment.reading = HIDDEN;
    clock.now = 2000;
    expect(marks.of(processOf())).toEqual(OURS);
  });

  test('that cannot be read are tried again', () => {
    const { clock, environment, marks } = world(HIDDEN);
    marks.of(processOf());
    clock.now = 5000;
    marks.of(processOf());
    environment.reading = OURS;
    expect(marks.of(processOf())).toEqual(OURS);
  });

  test('are read anew for another process of the same number', () => {
    const { clock, environment, marks } = world(OURS);
    marks.of(processOf());
    clock.now = 1000;
    marks.of(processOf());
    environment.reading = NONE;
    expect(marks.of(processOf('8'))).toEqual(NONE);
  });

  test('are forgotten with it', () => {
    const { clock, environment, marks } = world(OURS);
    marks.of(processOf());
    clock.now = 1000;
    marks.of(processOf());
    marks.keep([]);
    marks.of(processOf());
    expect(environment.reads).toBe(3);
  });
});
