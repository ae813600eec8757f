import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES } from '../../controller/api/errors.ts';
import { PROBLEM_CODES } from '../../controller/api/problem.ts';
import { REASONS } from '../../controller/api/reasons.ts';

const VOCABULARIES = [
  { list: 'ERROR_CODES', home: 'errors.ts', words: Object.keys(ERROR_CODES) },
  { list: 'PROBLEM_CODES', home: 'problem.ts', words: Object.keys(PROBLEM_CODES) },
  { list: 'REASONS', home: 'reasons.ts', words: [...REASONS] },
];

const controller = fileURLToPath(new URL('../../controller', import.meta.url));

/** Every string literal of the controller's sources, but for the lists themselves and what is generated. */
function literals(home: string): ReadonlySet<string> {
  const files = readdirSync(controller, { recursive: true, encoding: 'utf8' }).filter((file) => {
    return file.endsWith('.ts') && !file.startsWith('api/generated/') && file !== `api/${home}`;
  });
  const text = files.map((file) => readFileSync(`${controller}/${file}`, 'utf8')).join('\n');
  return new Set(
    [...text.matchAll(/(?<quote>['"`])(?<word>\w+)\k<quote>/g)].map(({ groups }) => groups?.['word'] ?? ''),
  );
}

describe.each(VOCABULARIES)('$list', ({ home, words }) => {
  test('holds no word that the controller never says', () => {
    const used = literals(home);
    expect(words.filter((word) => !used.has(word))).toEqual([]);
  });
});

test.each(VOCABULARIES)('$list holds no word twice', ({ words }) => {
  expect(new Set(words).size).toBe(words.length);
});

test('a word that is said is found, and one that is not is missed', () => {
  expect(literals('errors.ts').has('CreateSession')).toBe(true);
  expect(literals('errors.ts').has('NeverSaid')).toBe(false);
});
