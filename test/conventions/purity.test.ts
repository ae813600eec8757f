import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { impureLines } from './purity.ts';

const room = fileURLToPath(new URL('../../controller/reconcile', import.meta.url));

/** Decisions: everything in the room but what asks the eyes. */
function decisions(): readonly string[] {
  if (!existsSync(room)) return [];
  return readdirSync(room, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/(?:^|\/)gather/.test(file),
  );
}

test.each(decisions())('reconcile/%s reaches for no clock, chance, timer or process', (file) => {
  expect(impureLines(readFileSync(`${room}/${file}`, 'utf8'))).toEqual([]);
});

test.each([
  'const now = Date.now();',
  'const now = new Date();',
  'const now = new Date;',
  'const text = Date();',
  'const chance = Math.random();',
  'setTimeout(() => look(), 10);',
  'await new Promise((resolve) => setImmediate(resolve));',
  'const begun = performance.now();',
  'const home = process.env.HOME;',
  "import { randomUUID } from 'node:crypto';",
  'await fetch(url);',
])('found: %s', (line) => {
  expect(impureLines(line)).toHaveLength(1);
});

test.each([
  'const at = new Date(now).toISOString();',
  'const at = Date.parse(text);',
  '// Date.now() would make a test depend on the day',
  '/* never\n   Math.random() */',
  "if (pane.process === 'Alive') return;",
  'processes.filter((process) => process.agent === agent);',
  'clock.setTimeout(10);',
])('allowed: %s', (line) => {
  expect(impureLines(line)).toEqual([]);
});
