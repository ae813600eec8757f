import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteArgv } from '../../../controller/api/quote-argv.ts';
import { parseDuration } from '../../../controller/cli/duration.ts';
import { formatAge, formatDuration } from '../../../controller/cli/render/age.ts';
import { renderTable } from '../../../controller/cli/render/table.ts';
import { diffLines, unifiedDiff } from '../../../controller/cli/render/unified-diff.ts';

const [S, M, H, D] = [1000, 60_000, 3_600_000, 86_400_000];

describe('ages', () => {
  // The table of Kubernetes' own test of HumanDuration.
  test.each([
    [0, '0s'],
    [S, '1s'],
    [70 * S, '70s'],
    [190 * S, '3m10s'],
    [70 * M, '70m'],
    [47 * H, '47h'],
    [49 * H, '2d1h'],
    [8 * D + 2 * H, '8d'],
    [367 * D, '367d'],
    [365 * 2 * D + 25 * D, '2y25d'],
    [365 * 8 * D + 2 * D, '8y'],
    [-0.5 * S, '0s'],
    [-5 * S, '<invalid>'],
    [5 * H + 20 * M, '5h20m'],
    [3 * H, '3h'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('are unknown without a time', () => {
    expect(formatAge(undefined, 0)).toBe('<unknown>');
    expect(formatAge('soon', 0)).toBe('<unknown>');
  });
});

test('durations are read as kubectl reads them', () => {
  expect(['30s', '1h30m', '250ms', '0', '1.5m', '2d'].map(parseDuration)).toEqual([
    30 * S,
    90 * M,
    250,
    0,
    90 * S,
    2 * D,
  ]);
  for (const text of ['', '5', 's', '5 s', '-5s', '5x']) {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'MUX_USAGE' }));
  }
});

describe('tables', () => {
  const columns = [
    { header: 'NAME', cell: ({ name }: { name: string }) => name },
    { header: 'NOTE', cell: ({ name }: { name: string }) => name.toUpperCase() },
  ];

  test('are three spaces apart with nothing at the end of a line', () => {
    expect(renderTable(columns, [{ name: 'longer' }, { name: 'b' }])).toBe(
      'NAME     NOTE\nlonger   LONGER\nb        B\n',
    );
  });

  test('show an empty cell as <none>', () => {
    expect(renderTable(columns, [{ name: '' }], { headers: false })).toBe('<none>   <none>\n');
  });

  test('put a text of several lines on one', () => {
    expect(renderTable(columns, [{ name: 'a\nb\t c' }], { headers: false })).toBe('a b c   A B C\n');
  });

  test('[property] have a line a row, whatever the cells hold, and no control character', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: fc.string({ unit: 'binary' }) })), (rows) => {
        const lines = renderTable(columns, rows).split('\n');
        expect(lines).toHaveLength(rows.length + 2);
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('unified differences', () => {
  test('are those of diff -u', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    const after = 'a\nb\nc\nd\nE\nf\ng\nh\ni\n';
    expect(unifiedDiff(before, after, ['x', 'y'])).toBe(
      '--- x\n+++ y\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n+i\n',
    );
    expect(unifiedDiff('', 'a\n', ['x', 'y'])).toBe('--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n');
    expect(unifiedDiff('a\n', 'a\n', ['x', 'y'])).toBe('');
  });

  test('[property] hold both texts, and no more than both', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        const side = (sign: string) => lines.filter((line) => line.sign !== sign).map((line) => line.text);
        expect(side('+')).toEqual(before);
        expect(side('-')).toEqual(after);
      }),
    );
  });
});

test('an argv is quoted for a shell', () => {
  expect(quoteArgv(['tmux', '-t', '$1', "it's", ';'])).toBe(`tmux -t '$1' 'it'\\''s' ';'`);
});
