import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { mayBacktrack, PatternTooSlow, patternOf, slowPatterns } from '../../../controller/api/reading/pattern.ts';

const LONG = `${'a'.repeat(60)}!`;

test.each([
  '^(a+)+$',
  '^(?:a|a)*$',
  '^((?<x>a*)b?)*$',
  '^(\\w+\\s?)*$',
  '(a{2,}){20}',
  '([a-z]+)*\\d',
  '(x+x+)+y',
  '[^]*a[^]*b[^]*c',
])('%s may take as long as it likes', (source) => {
  expect(mayBacktrack(source)).toBe(true);
});

test.each([
  '^a+$',
  '(?:abc)+',
  '(a|b)',
  '(?<hour>\\d+)(?:am|pm)',
  '\\(a+\\)+',
  '[(a+)+]',
  '^> ?(?<text>.*)$',
  '(?:a+)?',
  '(a{1,3}){2}',
])('%s takes as long as its text is', (source) => {
  expect(mayBacktrack(source)).toBe(false);
});

test('the same words are the same pattern, and find what they would', () => {
  const pattern = patternOf('(?<word>(?:[a-z]+-?)+)!', 'u');
  expect(patternOf('(?<word>(?:[a-z]+-?)+)!', 'u')).toBe(pattern);
  expect(pattern.exec('so-it is!')?.groups?.['word']).toBe('is');
  expect([...'x-y! z!'.matchAll(patternOf('(?:[a-z]+-?)+!', 'gu'))].map(([found]) => found)).toEqual(['x-y!', 'z!']);
  expect(pattern.test('nothing')).toBe(false);
});

test('one that takes too long is stopped, and after three times not tried any more', () => {
  const pattern = patternOf('^(?:a+)+$', 'mu');
  const begun = performance.now();
  for (let time = 0; time < 20; time += 1) expect(() => pattern.test(LONG)).toThrow(PatternTooSlow);
  expect(() => [...LONG.matchAll(patternOf('^(?:a+)+$', 'gmu'))]).toThrow(PatternTooSlow);
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(slowPatterns()).toEqual(['^(?:a+)+$']);
});

test('what is no pattern is said', () => {
  expect(() => patternOf('(', 'u')).toThrow(SyntaxError);
});

test('hardly any pattern that comes with muxlet needs to be watched', () => {
  const texts = readdirSync('manifests/presets').filter((name) => name.endsWith('.yaml'));
  const patterns = texts.flatMap((name) => patternsIn(parse(readFileSync(`manifests/presets/${name}`, 'utf8'))));
  expect(patterns.length).toBeGreaterThan(50);
  expect(new Set(patterns.filter(mayBacktrack)).size).toBeLessThanOrEqual(1);
});

function patternsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    (key === 'pattern' || key === 'inputLine') && typeof item === 'string' ? [item] : patternsIn(item),
  );
}
