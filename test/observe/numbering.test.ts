import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numbersBetween } from '../../controller/observe/numbering.ts';

const END = 32_768;
const at = (last: number, begun: number, end = END) => ({ last, begun, end });

test('between two moments lie the numbers that were given meanwhile', () => {
  expect(numbersBetween(at(500, 9), at(503, 12))).toEqual([501, 502, 503]);
  expect(numbersBetween(at(500, 9), at(500, 9))).toEqual([]);
});

test('behind the highest number the lowest follow', () => {
  expect(numbersBetween(at(END - 2, 0), at(1, 3))).toEqual([END - 1, 0, 1]);
});

test.each([
  ['they are too many to ask for each', at(500, 0), at(1501, 1001)],
  ['they may have been round once', at(500, 0), at(501, END)],
  ['the count began anew', at(500, 9), at(501, 3)],
  ['another highest number was set', at(500, 0), at(501, 1, 4_194_304)],
])('nothing is told where %s', (_, from, to) => {
  expect(numbersBetween(from, to)).toBeUndefined();
});

test('every number that was given is among them, however many were taken already', () => {
  fc.assert(
    fc.property(
      fc.nat(END - 1),
      fc.uniqueArray(fc.nat(END - 1), { maxLength: 50 }),
      fc.nat(200),
      (last, taken, count) => {
        let next = last;
        const given: number[] = [];
        while (given.length < count) {
          next = (next + 1) % END;
          if (!taken.includes(next)) given.push(next);
        }
        expect(numbersBetween(at(last, 0), at(next, count))).toEqual(expect.arrayContaining(given));
      },
    ),
  );
});
