import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSelector, selects } from '../../controller/cli/selector.ts';

describe('selectors', () => {
  const labels = { team: 'a', tier: 'web', 'muxlet.dev/kind': 'x', empty: '' };

  test.each([
    ['', true],
    ['team=a', true],
    ['team==a', true],
    ['team = a', true],
    ['team=b', false],
    ['team!=b', true],
    ['team!=a', false],
    ['nope!=a', true],
    ['team', true],
    ['nope', false],
    ['!nope', true],
    ['!team', false],
    ['team in (a,b)', true],
    ['team in (b, c)', false],
    ['team notin (b,c)', true],
    ['nope notin (a)', true],
    ['nope in (a)', false],
    ['empty=', true],
    ['muxlet.dev/kind=x', true],
    ['team=a,tier in (web,api),!nope', true],
    ['team=a,tier=api', false],
  ])('%s', (text, expected) => {
    expect(selects(parseSelector(text), labels)).toBe(expected);
  });

  test.each(['a in', 'a in (b', '=b', 'a=b c', ',', 'a,', 'a in (b))', 'a=b=c', '-a'])('refuse %j', (text) => {
    expect(() => parseSelector(text)).toThrow(expect.objectContaining({ code: 'MUX_USAGE' }));
  });

  test('[property] a=b and a!=b are opposites, and so are in and notin, a and !a', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
    const values = fc.array(word, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.dictionary(word, word), word, values, (labelled, key, list) => {
        const on = (text: string) => selects(parseSelector(text), labelled);
        expect(on(`${key}=${list[0]}`)).toBe(!on(`${key}!=${list[0]}`));
        expect(on(`${key} in (${list.join(',')})`)).toBe(!on(`${key} notin (${list.join(',')})`));
        expect(on(key)).toBe(!on(`!${key}`));
      }),
    );
  });
});
