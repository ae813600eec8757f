import { describe, expect, test } from 'vitest';
import {
  type Expectation,
  examine,
  firstSigns,
  moved,
  type Sample,
  stuckBy,
  type VitalSigns,
} from '../../../controller/runtime/vitals/vitals-state.ts';

const EXPECTED: Expectation = { hungAfterMs: 60_000, shells: ['sh', 'bash'], shellAfterMs: 30_000 };

/** A look each ten seconds. */
function watch(looks: readonly Partial<Sample>[], expected = EXPECTED, from: VitalSigns = firstSigns(0)): VitalSigns {
  return looks.reduce<VitalSigns>((signs, look, index) => {
    const sample = { at: (index + 1) * 10_000, name: 'coder', cpuMs: 500, children: [], ...look };
    return examine(signs, sample, expected);
  }, from);
}

const times = (count: number, look: Partial<Sample> = {}): Partial<Sample>[] =>
  Array.from({ length: count }, () => look);

describe('signs of life', () => {
  test('[S52] two looks have to agree that it is hung', () => {
    expect(stuckBy(watch(times(6)))).toBeUndefined();
    expect(stuckBy(watch(times(7)))).toMatchObject({ reason: 'Hung', since: 0 });
  });

  test('[S57] children, or processor time, are signs of life, for hours', () => {
    expect(stuckBy(watch(times(720, { children: ['sleep'] })))).toBeUndefined();
    const busy = Array.from({ length: 720 }, (_, index) => ({ cpuMs: index * 200 }));
    expect(stuckBy(watch(busy))).toBeUndefined();
    // What timers and the like take of a program that waits is none.
    expect(stuckBy(watch(Array.from({ length: 9 }, (_, index) => ({ cpuMs: index * 50 }))))?.reason).toBe('Hung');
  });

  test('[S56] whoever need not work is never hung', () => {
    const { hungAfterMs: _, ...idle } = EXPECTED;
    expect(stuckBy(watch(times(720), idle))).toBeUndefined();
  });

  test('[S78] a shell with nothing but shells in it is no agent; [S55] with anything else it is one', () => {
    expect(stuckBy(watch(times(4, { name: '-bash', children: ['sh'] })))?.reason).toBe('ShellWithoutAgent');
    expect(stuckBy(watch(times(3, { name: '-bash' })))).toBeUndefined();
    expect(stuckBy(watch(times(60, { name: 'bash', children: ['sh', 'node'] })))).toBeUndefined();
  });

  test('what moves is not stuck any more, and has its whole time again', () => {
    const hung = watch(times(9));
    expect(stuckBy(hung)).toBeDefined();
    const alive = moved(hung, 95_000);
    expect(stuckBy(alive)).toBeUndefined();
    expect(stuckBy(examine(alive, { at: 150_000, name: 'coder', cpuMs: 500, children: [] }, EXPECTED))).toBeUndefined();
    expect(stuckBy(moved(hung, 0))).toBeDefined();
  });
});
