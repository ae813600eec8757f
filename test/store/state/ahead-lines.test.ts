import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AheadContent,
  type AheadLine,
  formatLine,
  readLines,
} from '../../../controller/store/state/ahead-lines.ts';

const FILES = ['status/project/a.json', 'status/project/b.json', 'inventory.json'];

const rest = fc.record({
  file: fc.constantFrom(...FILES),
  what: fc.oneof(
    fc.record({
      news: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.jsonValue())),
    }),
    fc.record({ done: fc.nat(30) }),
    fc.constant({}),
  ),
});

/** Lines whose numbers follow on `first`. */
const linesFrom = (first: number, minLength = 0): fc.Arbitrary<AheadLine[]> =>
  fc
    .array(rest, { minLength, maxLength: 20 })
    .map((lines) => lines.map(({ file, what }, index) => ({ number: first + index, file, ...what })));

/** The same, the simplest way. */
function modelOf(lines: readonly AheadLine[]): Pick<AheadContent, 'open' | 'last'> {
  const open = new Map<string, AheadLine[]>();
  for (const file of FILES) {
    const own = lines.filter((line) => line.file === file);
    const left = own.filter(
      (line) =>
        line.done === undefined &&
        !own.some((other) => other.number > line.number && (other.done ?? -1) >= line.number),
    );
    if (left.length > 0)
      open.set(
        file,
        left.map((line) => ({ news: undefined, ...line })),
      );
  }
  return { open, last: lines.at(-1)?.number ?? 0 };
}

const bytesOf = (lines: readonly AheadLine[]): Buffer => Buffer.from(lines.map(formatLine).join(''));

const plain = ({ open, last }: Pick<AheadContent, 'open' | 'last'>): unknown => [
  Object.fromEntries([...open].sort()),
  last,
];

test('of a log that was cut anywhere its whole lines are read, and the next goes behind them', () => {
  fc.assert(
    fc.property(linesFrom(7), fc.nat(), (lines, at) => {
      const bytes = bytesOf(lines);
      const cut = bytes.subarray(0, bytes.length === 0 ? 0 : at % (bytes.length + 1));
      const found = readLines(cut);
      const whole = lines.filter((_, index) => bytesOf(lines.slice(0, index + 1)).length <= cut.length);
      expect(plain(found)).toEqual(plain(modelOf(whole)));
      expect(found.end).toBe(bytesOf(whole).length);
    }),
  );
});

test('of one that began anew nothing is read that stood there before, however the writer was killed', () => {
  fc.assert(
    fc.property(linesFrom(1), linesFrom(0, 1), fc.nat(), (lines, next, at) => {
      // It begins anew only when nothing of it is open any more.
      const settled = FILES.map((file, index) => ({ number: lines.length + 1 + index, file, done: lines.length }));
      const before = bytesOf([...lines, ...settled]);
      const first = lines.length + settled.length + 1;
      const anew = next.map((line) => ({ ...line, number: first + line.number }));
      const over = bytesOf(anew);
      const cut = at % (over.length + 1);
      const both = Buffer.concat([over.subarray(0, cut), before.subarray(cut)]);
      const whole = anew.filter((_, index) => bytesOf(anew.slice(0, index + 1)).length <= cut);
      expect(plain({ ...readLines(both), last: 0 })).toEqual(plain({ ...modelOf(whole), last: 0 }));
    }),
  );
});

test.each([
  ['nothing', ''],
  ['no JSON', 'hello\n'],
  ['another JSON', '[1]\n'],
  ['a line without its number at its end', '{"number":1,"file":"a","news":"x"}\n'],
  ['a line that was torn over another', '{"number":2,"file":"a","news":"x","end":1}\n'],
  ['a number that is none', '{"number":"1","file":"a","end":"1"}\n'],
  ['done without a number', '{"number":1,"file":"a","done":"x","end":1}\n'],
  ['bytes that are no text', '\xff\xfe\n'],
])('%s tells of nothing', (_, text) => {
  expect(readLines(Buffer.from(text, 'latin1'))).toEqual({ open: new Map(), last: 0, end: 0 });
});
