import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../controller/store/specs/yaml-documents.ts';

const MIB = 1024 * 1024;
const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  .concat(
    Array.from('bcdefghij').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]`),
  )
  .join('\n');

/** Texts of a mebibyte on which a parser that recovers, recurses or compares every pair would not come back. */
const hostile: readonly { readonly title: string; readonly text: string; readonly code: string }[] = [
  { title: 'a billion laughs', text: bomb, code: 'AliasBomb' },
  { title: 'aliases without end', text: `a: [&a x${', *a'.repeat(MIB / 8)}]`, code: 'AliasBomb' },
  { title: 'opening brackets', text: '['.repeat(MIB), code: 'ParseError' },
  { title: 'closing brackets', text: ']'.repeat(MIB), code: 'ParseError' },
  { title: 'nested maps', text: '{a: '.repeat(MIB / 4), code: 'ParseError' },
  { title: 'nested lists', text: '- '.repeat(MIB / 2), code: 'ParseError' },
  { title: 'commas', text: `[${','.repeat(MIB - 2)}]`, code: 'ParseError' },
  { title: 'documents', text: '---\n'.repeat(MIB / 4), code: 'ParseError' },
  { title: 'unknown tags', text: '!a '.repeat(MIB / 3), code: 'ParseError' },
  {
    title: 'a hundred thousand keys, one of them twice',
    text: `${Array.from({ length: 90_000 }, (_, i) => `k${i}:`).join('\n')}\nk7:`,
    code: 'ParseError',
  },
  { title: 'lists 200 deep', text: `${'['.repeat(200)}${']'.repeat(200)}`, code: 'ParseError' },
];

describe('parseYaml', () => {
  it.each(hostile)('answers $title soon, and with few problems', ({ text, code }) => {
    const before = performance.now();
    const { problems, documents } = parseYaml(text, 'f');
    // Generous, for a busy machine; without the bounds it is minutes.
    expect(performance.now() - before).toBeLessThan(8000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(20);
    expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set([code]));
    if (!text.startsWith('---')) expect(documents).toEqual([]);
  });

  it('gives up at the level that is too deep, and does not read on', () => {
    for (const open of ['[', '{a: ', '- ', '? ']) {
      const { problems } = parseYaml(open.repeat(MIB / open.length), 'f');
      expect(problems).toMatchObject([{ code: 'ParseError', message: 'nested too deeply', line: 1 }]);
      expect(problems[0]?.column).toBeGreaterThan(100);
      expect(problems[0]?.column).toBeLessThan(2000);
    }
  });

  it('does not let a key reach the prototype', () => {
    const { documents } = parseYaml('__proto__: {polluted: true}\n', 'f');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(documents[0]?.value)).toBe(Object.prototype);
  });

  it('takes JSON that is indented with tabs', () => {
    const value = { a: [1, { b: 'c: d' }], e: {}, 'f\t': 'ö\u2028' };
    expect(parseYaml(JSON.stringify(value, undefined, '\t'), 'f').documents[0]?.value).toEqual(value);
  });
});
