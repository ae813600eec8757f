import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PAGE = fileURLToPath(new URL('../../dist/man/muxlet.1', import.meta.url));
const env = { ...process.env, LC_ALL: 'C.UTF-8', MANPAGER: 'cat', MANWIDTH: '80' };
const both = (...argv: string[]): string =>
  execFileSync('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...argv], { env, encoding: 'utf8' });

test('readers of manual pages have nothing to say against it', () => {
  const shown = both('man', '--warnings', '-l', PAGE);
  expect(shown.split('\n').filter((line) => /^(?:troff|groff|man|<standard input>):/.test(line))).toEqual([]);
  expect(shown).toContain('muxlet create project <name> [command...] [flags]');
  // Below warnings are only matters of style, such as a date that is not told.
  expect(both('mandoc', '-T', 'lint', '-W', 'error', PAGE)).toBe('');
});
