import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, cutStart, fit, plain, widthOf } from '../../../controller/cli/top/text.ts';

/** Texts as agents might write them, with more of what does harm than chance would bring. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[31m',
        '\u001b[2J',
        '\u001b]0;title\u0007',
        '\u001b]8;;http://x\u001b\\',
        '\u001bP1$r\u001b\\',
        '\u009b1m',
        '\u0090q\u009c',
        '\u001b',
        '\r\n',
        '\t',
        '\u202e',
        '\u200b',
        '👨‍👩‍👧',
        '🇩🇪',
        '日本語',
        '한국어',
        'e\u0301\u0301\u0301\u0301',
        '\ud800',
        '\ue000',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('text from elsewhere', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;my title\u0007x', 'x'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['a\r\nb\tc', 'a b c'],
    ['safe\u202eexe.txt', 'safeexe.txt'],
    ['a\u0007b\u0000c\u009bd', 'abc'],
    ['👨‍👩‍👧', '👨👩👧'],
    ['a\u0301\u0301\u0301\u0301b', 'á\u0301\u0301b'],
    ['\u001b[', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  test('holds nothing that a terminal would do something for', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(plain(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(plain(plain(text))).toBe(plain(text));
      }),
    );
  });
});

describe('in so many columns', () => {
  test.each([
    ['abc', 5, 'Left', 'abc  '],
    ['abc', 5, 'Right', '  abc'],
    ['abcdef', 5, 'Left', 'abcd+'],
    ['日本語', 5, 'Left', '日本+'],
    ['日本語', 4, 'Left', '日+ '],
    ['👍👍', 4, 'Left', '👍👍'],
    ['x', 0, 'Left', ''],
  ] as const)('%j in %d to the %s is %j', (text, width, align, fitted) => {
    expect(fit(text, width, align)).toBe(fitted);
  });

  test('any text is exactly as wide as it is to be', () => {
    fc.assert(
      fc.property(hostile, fc.nat(40), fc.constantFrom('Left', 'Right'), (text, width, align) => {
        expect(widthOf(fit(plain(text), width, align))).toBe(width);
      }),
    );
  });

  test('beginnings and ends are no wider than asked for, and parts of the text', () => {
    fc.assert(
      fc.property(hostile, fc.nat(40), (raw, width) => {
        const text = plain(raw);
        expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(cutStart(text, width))).toBeLessThanOrEqual(width);
        expect(text.startsWith(cut(text, width))).toBe(true);
        expect(text.endsWith(cutStart(text, width))).toBe(true);
      }),
    );
  });
});
