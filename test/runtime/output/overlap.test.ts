import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlap } from '../../../controller/runtime/output/overlap.ts';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}`);

describe('how much of a capture is saved already', () => {
  test.each([
    ['nothing, if nothing is', [], ['a', 'b'], { settled: 2, known: 0 }],
    ['nothing, if the two have nothing in common', ['x', 'y'], ['a', 'b'], { settled: 2, known: 0 }],
    ['all, if nothing came', ['a', 'b'], ['a', 'b'], { settled: 2, known: 2 }],
    [
      'what stands at the end of the one and the beginning of the other',
      ['a', 'b', 'c'],
      ['b', 'c', 'd'],
      { settled: 3, known: 2 },
    ],
    ['as much as can be, where lines repeat', ['a', 'a', 'a'], ['a', 'a', 'a', 'a'], { settled: 4, known: 3 }],
    [
      'all of it, if a terminal made larger took lines back',
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'X'],
      { settled: 2, known: 2 },
    ],
  ] as const)('%s', (_title, saved, fresh, { settled, known }) => {
    expect(overlap<string>(saved, fresh, { settled })).toBe(known);
  });

  test('where all lines are alike, how many came decides', () => {
    const same = Array.from({ length: 100 }, () => 'tick');
    expect(overlap(same, same, { settled: 100, grown: 30 })).toBe(70);
    expect(overlap(same, same, { settled: 100, grown: 0 })).toBe(100);
    expect(overlap(same, same, { settled: 100, grown: 500 })).toBe(0);
  });

  test('a wrong guess at how many came does not save again what is saved', () => {
    expect(overlap(numbered(0, 100), numbered(60, 120), { settled: 60, grown: 55 })).toBe(40);
  });
});

describe('[property] a terminal that scrolls', () => {
  /** Lines from a small alphabet repeat a lot; the terminal shows `height` and keeps `kept` above them. */
  const scroll = fc.record({
    lines: fc.array(fc.constantFrom('', 'a', 'b', 'c', 'dd'), { maxLength: 120 }),
    looks: fc.array(fc.nat(120), { minLength: 1, maxLength: 8 }),
    height: fc.integer({ min: 1, max: 6 }),
  });

  test('has every line saved once and in its order, as long as looks overlap', () => {
    fc.assert(
      fc.property(scroll, ({ lines, looks, height }) => {
        const saved: string[] = [];
        let rows = 0;
        for (const end of [...looks.sort((a, b) => a - b), lines.length]) {
          const settled = lines.slice(0, Math.max(0, Math.min(end, lines.length) - height));
          const place = overlap(saved, settled, { settled: settled.length, grown: settled.length - rows });
          saved.push(...settled.slice(place));
          rows = settled.length;
        }
        expect(saved).toEqual(lines.slice(0, Math.max(0, lines.length - height)));
      }),
    );
  });

  test('loses and doubles nothing where lines differ, however little is kept and whatever is known', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 31, max: 60 }),
        fc.option(fc.nat(200), { nil: undefined }),
        (steps, kept, guess) => {
          const saved: string[] = [];
          let end = 0;
          for (const step of steps) {
            end += step;
            const fresh = numbered(Math.max(0, end - kept), end);
            const hint = guess !== undefined && guess < fresh.length ? { grown: guess } : {};
            saved.push(...fresh.slice(overlap(saved, fresh, { settled: fresh.length, ...hint })));
          }
          expect(saved).toEqual(numbered(0, end));
        },
      ),
    );
  });
});
