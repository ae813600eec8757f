import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../controller/api/generated/all.ts';
import { keyFault } from '../../controller/api/key-names.ts';

test.each('Enter enter Escape C-c c-c M-x C-M-Up S-Tab BTab F1 F12 KP7 ^C 1 y ü / - PgDn 0x1b'.split(' '))(
  '%s is a key',
  (key) => {
    expect(keyFault(key)).toBeUndefined();
  },
);

test.each(['/exit', 'yes', 'no, never', 'Yes', 'I accept', 'Allow', 'stop', 'OK', '2)'])('%s is text', (text) => {
  expect(keyFault(text)).toBeUndefined();
});

test.each([
  ['Entr', 'Enter'],
  ['Retrun', 'Enter'],
  ['Return', 'Enter'],
  ['Esc', 'Escape'],
  ['Backspace', 'BSpace'],
  ['ArrowDown', 'Down'],
  ['Dwon', 'Down'],
  ['Ctrl-C', 'C-c'],
  ['ctrl+d', 'C-d'],
  ['Alt-Entr', 'M-Enter'],
  ['C-Entr', 'C-Enter'],
  ['C-', undefined],
  ['F13', undefined],
  ['^cc', undefined],
])('%s is none: %s', (key, right) => {
  const fault = keyFault(key);
  expect(fault?.message).toContain(`there is no key "${key}"`);
  expect(fault?.hint).toContain(right === undefined ? "keys are tmux's" : `write ${right}`);
});

test('the presets press keys that there are', () => {
  const folder = new URL('../../manifests/presets/', import.meta.url);
  const classes = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const pressed = classes.flatMap((name) => {
    const { spec } = parse(readFileSync(new URL(name, folder), 'utf8')) as AgentClass;
    const { submit = [], clear = [] } = spec.delivery ?? {};
    const answers = (spec.dialogs ?? []).flatMap(({ answers: named }) => Object.values(named).flat());
    return [...submit, ...clear, ...answers, ...(spec.finish?.keys ?? [])];
  });
  expect(pressed.length).toBeGreaterThan(20);
  expect(pressed.filter((key) => keyFault(key) !== undefined)).toEqual([]);
});
