import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AheadContent,
  type AheadLine,
  type News,
  readAhead,
} from '../../../controller/store/state/ahead-lines.ts';
import { temporaryFolder } from './samples.ts';

const FILES = ['status/project/a.json', 'status/project/b.json', 'inventory.json'];

const rest = fc.oneof(
  fc.record({ news: fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(null)) }),
  fc.record({ news: fc.record({ whole: fc.boolean(), entries: fc.dictionary(fc.string(), fc.nat()) }) }),
  fc.record({ done: fc.nat(20) }),
);
const log = fc
  .array(fc.tuple(fc.constantFrom(...FILES), rest), { maxLength: 20 })
  .map((lines) => lines.map(([file, more], index): AheadLine => ({ number: index + 1, file, ...more })));

/** What is left of a file's lines: from the last whole one on, less what was settled after it was said. */
function leftOf(lines: readonly AheadLine[]): readonly News[] {
  const news = lines.filter((line) => 'news' in line);
  const isPart = (it: unknown): boolean =>
    typeof it === 'object' && it !== null && !('whole' in it && it.whole === true);
  const from = Math.max(0, ...news.flatMap((line) => (isPart(line.news) ? [] : [line.number])));
  const isSettled = (line: News): boolean =>
    lines.some((other) => 'done' in other && other.number > line.number && other.done >= line.number);
  return news.filter((line) => line.number >= from && !isSettled(line));
}

function modelOf(lines: readonly AheadLine[]): unknown {
  const open = FILES.map((file) => [file, leftOf(lines.filter((line) => line.file === file))] as const);
  return [Object.fromEntries(open.filter(([, left]) => left.length > 0)), lines.at(-1)?.number ?? 0];
}

const plain = ({ open, last }: AheadContent): unknown => [Object.fromEntries(open), last];
const textOf = (lines: readonly AheadLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

test('of a log that was cut anywhere all whole lines are read, and it is no trouble', () => {
  const path = join(temporaryFolder(), 'log');
  fc.assert(
    fc.property(log, fc.nat(), (lines, at) => {
      const bytes = Buffer.from(textOf(lines));
      const cut = bytes.length === 0 ? 0 : at % (bytes.length + 1);
      writeFileSync(path, bytes.subarray(0, cut));
      // One that lacks its line feed alone is whole.
      const whole = lines.filter((_, index) => Buffer.from(textOf(lines.slice(0, index + 1))).length - 1 <= cut);
      const found = readAhead(path);
      expect([plain(found), found.malformed]).toEqual([modelOf(whole), 0]);
    }),
  );
});

test('a line of no use costs what it said, and no other', () => {
  const path = join(temporaryFolder(), 'log');
  const useless = ['hello', '[1]', '{}', '{"number":"1","file":"a","news":"x"}', '{"number":1,"news":"x"}'];
  const incomplete = ['{"number":1,"file":"a"}', '{"number":1.5,"file":"a","done":1}'];
  fc.assert(
    fc.property(log, fc.nat(), fc.constantFrom(...useless, ...incomplete), (lines, at, junk) => {
      const index = at % (lines.length + 1);
      writeFileSync(path, `${textOf(lines.slice(0, index))}${junk}\n${textOf(lines.slice(index))}`);
      const found = readAhead(path);
      expect([plain(found), found.malformed]).toEqual([modelOf(lines), 1]);
    }),
  );
});

test('tens of thousands of lines of one file are read at once', () => {
  const path = join(temporaryFolder(), 'log');
  const parts = Array.from({ length: 40_000 }, (_, index) => ({
    number: index + 1,
    file: 'inventory.json',
    news: { entries: { [`p${index}`]: null } },
  }));
  writeFileSync(path, textOf(parts));
  // With a copy of all before it for each line that would take twenty seconds, more than a test may.
  expect(readAhead(path).open.get('inventory.json')).toHaveLength(parts.length);
});
