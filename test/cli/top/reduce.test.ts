import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Key, keysOf, type Press } from '../../../controller/cli/top/keys.ts';
import type { Effect, Model } from '../../../controller/cli/top/model.ts';
import { reduce, type Seen } from '../../../controller/cli/top/reduce.ts';
import { agentRow, modelOf, projectRow, queueRow } from './support.ts';

const rows = ['web.a', 'web.b', 'web.c', 'web.d'].map((name) => agentRow(name));
const SEEN: Seen = { rows, suspended: new Set(), page: 2, logLines: 10 };
const typed = (text: string, alone = true): Key => ({ type: 'Character', text, alone });

function press(model: Model, keys: readonly (Key | string)[], seen: Seen = SEEN) {
  const effects: Effect[] = [];
  for (const key of keys) {
    const step = reduce(model, typeof key === 'string' ? typed(key) : key, seen);
    model = step.model;
    if (step.effect !== undefined) effects.push(step.effect);
  }
  return { model, effects };
}

const DEV = { project: 'web', agent: 'a', uid: 'uid-a' };

describe('in the table', () => {
  test.each([
    [['j'], 'web.b'],
    [[{ type: 'Down' }, { type: 'Down' }], 'web.c'],
    [[{ type: 'PageDown' }], 'web.c'],
    [['G'], 'web.d'],
    [['G', 'g'], 'web.a'],
    [['G', { type: 'PageUp' }], 'web.b'],
    [['k'], 'web.a'],
  ] as [Key[], string][])('%j selects %s', (keys, name) => {
    expect(press(modelOf(), keys).model.selected).toBe(name);
  });

  test('who is selected stays so when the rows move, and what stands in its place is, once it has gone', () => {
    const { model } = press(modelOf(), ['j']);
    const moved = { ...SEEN, rows: [...rows].reverse() };
    expect(press(model, ['a'], moved).effects).toEqual([
      { type: 'Attach', target: { project: 'web', agent: 'b', uid: 'uid-b' } },
    ]);
    const gone = { ...SEEN, rows: rows.filter(({ name }) => name !== 'web.b') };
    expect(press(model, ['a'], gone).effects).toMatchObject([{ target: { agent: 'c' } }]);
  });

  test.each([
    ['q', { type: 'Quit' }],
    ['a', { type: 'Attach', target: DEV }],
    ['l', { type: 'OpenLogs', target: DEV }],
  ])('%s asks for %j', (key, effect) => {
    expect(press(modelOf(), [key]).effects).toEqual([effect]);
  });

  test('the key of a column sorts by it, and again the other way round', () => {
    expect(press(modelOf(), ['M']).model.order.Agents).toEqual({ column: 'MEM', descending: true });
    expect(press(modelOf(), ['M', 'M']).model.order.Agents).toEqual({ column: 'MEM', descending: false });
    expect(press(modelOf(), ['N', '>', '>']).model.order.Agents.column).toBe('CPU%');
    expect(press(modelOf(), ['N', 'I']).model.order.Agents).toEqual({ column: 'NAME', descending: true });
  });

  test('Enter opens the agents of a project, and the projects of a queue; Esc shows all again', () => {
    const project = press(modelOf({ view: 'Projects' }), [{ type: 'Enter' }], { ...SEEN, rows: [projectRow('web')] });
    expect(project.model).toMatchObject({ view: 'Agents', scope: { project: 'web' } });
    expect(press(project.model, [{ type: 'Escape' }]).model.scope).toEqual({});
    const queue = press(modelOf({ view: 'Queues' }), [{ type: 'Enter' }], { ...SEEN, rows: [queueRow('nightly')] });
    expect(queue.model).toMatchObject({ view: 'Projects', scope: { queue: 'nightly' } });
  });

  test('with no row nothing is done, and that is said', () => {
    for (const key of ['a', 'm', 's', 'R', 'l']) {
      const { model, effects } = press(modelOf(), [key], { ...SEEN, rows: [] });
      expect(effects).toEqual([]);
      expect(model.notice).toMatchObject({ type: 'Failed' });
    }
  });
});

describe.each([
  ['R', 'Reset', new Set<string>()],
  ['s', 'Suspend', new Set(['shop'])],
  ['s', 'Resume', new Set(['web'])],
] as const)('what is asked after %s, %s,', (letter, type, suspended) => {
  const seen: Seen = { ...SEEN, suspended };

  test('is done after a y', () => {
    const asked = press(modelOf(), [letter], seen);
    expect(asked.effects).toEqual([]);
    expect(press(asked.model, ['y'], seen).effects).toEqual([{ type, project: 'web' }]);
  });

  test.each([['n'], ['Y'], [' ']])('is not done after %j', (key) => {
    expect(press(modelOf(), [letter, key], seen).effects).toEqual([]);
  });

  test.each([[{ type: 'Enter' }], [{ type: 'Escape' }], [{ type: 'Paste', text: 'y' }], [typed('y', false)]] as [
    Key,
  ][])('is not done after %j', (key) => {
    const { model, effects } = press(modelOf(), [letter, key], seen);
    expect(effects).toEqual([]);
    expect(model.mode.type).toBe('Table');
  });

  test('is about the project that was selected when the key was pressed, and about what it was then', () => {
    const { model } = press(modelOf(), [letter], seen);
    const others = { ...SEEN, suspended: new Set(['web', 'shop']), rows: [agentRow('shop.x')] };
    expect(press(model, ['y'], others).effects).toEqual([{ type, project: 'web' }]);
  });
});

describe('a message', () => {
  test('is sent to whom was selected, as it was typed', () => {
    const keys = [
      'm',
      'h',
      'i',
      ' ',
      'q',
      { type: 'Backspace' },
      'R',
      { type: 'Paste', text: ' a\nb\u001b[31m' },
      { type: 'Enter' },
    ];
    expect(press(modelOf(), keys as Key[]).effects).toEqual([{ type: 'Send', target: DEV, text: 'hi R a b' }]);
  });

  test.each([
    [['m', 'x', { type: 'Escape' }]],
    [['m', ' ', { type: 'Enter' }]],
    [['m', 'x', { type: 'Ctrl', letter: 'c' }]],
  ] as [Key[]][])('is not sent after %j', (keys) => {
    const { model, effects } = press(modelOf(), keys);
    expect(effects).toEqual([]);
    expect(model.mode.type).toBe('Table');
  });
});

test('a filter is in force while it is typed, and taken back by Esc', () => {
  const { model } = press(modelOf({ filter: 'old' }), ['/', { type: 'Ctrl', letter: 'u' }, 'w', 'e']);
  expect(model).toMatchObject({ filter: 'we', mode: { type: 'Filter' } });
  expect(press(model, [{ type: 'Escape' }]).model).toMatchObject({ filter: 'old', mode: { type: 'Table' } });
  expect(press(model, [{ type: 'Enter' }]).model).toMatchObject({ filter: 'we', mode: { type: 'Table' } });
});

test('a log is scrolled within its lines, and closed', () => {
  const { model } = press(modelOf(), ['l', 'g']);
  expect(model.mode).toMatchObject({ up: 9 });
  expect(press(model, [{ type: 'End' }]).model.mode).toMatchObject({ up: 0 });
  expect(press(model, ['q'])).toMatchObject({ model: { mode: { type: 'Table' } }, effects: [{ type: 'CloseLogs' }] });
});

const anyKey: fc.Arbitrary<Key> = fc.oneof(
  fc.constantFrom<Key>(
    ...(
      ['Up', 'Down', 'Left', 'Right', 'PageUp', 'PageDown', 'Home', 'End', 'Enter', 'Escape', 'Backspace'] as const
    ).map((type) => ({ type })),
    { type: 'Tab', step: 1 },
    { type: 'Tab', step: -1 },
    { type: 'Ctrl', letter: 'z' },
  ),
  fc.record({ type: fc.constant('Paste' as const), text: fc.string() }),
  fc.record({
    type: fc.constant('Character' as const),
    text: fc.string({ minLength: 1, maxLength: 1 }),
    alone: fc.boolean(),
  }),
);

test('whatever is pressed: nothing throws, a row is selected or none is there, and a reset follows an R and a y alone', () => {
  const seen = fc.constantFrom<Seen>(SEEN, { ...SEEN, rows: [] }, { ...SEEN, rows: [projectRow('web')] });
  fc.assert(
    fc.property(fc.array(fc.tuple(anyKey, seen), { maxLength: 60 }), (steps) => {
      let model = modelOf();
      let before: Key | undefined;
      for (const [key, what] of steps) {
        const step = reduce(model, key, what);
        if (step.effect?.type === 'Reset') {
          expect(before).toMatchObject({ type: 'Character', text: 'R' });
          expect(key).toEqual(typed('y'));
        }
        model = step.model;
        // Keys that change nothing of a question do not answer it.
        if (!(key.type === 'Ctrl' && 'zl'.includes(key.letter))) before = key;
      }
    }),
  );
});

test('what comes in one go is many keys, none of them alone', () => {
  const none = Object.fromEntries(
    'upArrow downArrow leftArrow rightArrow pageUp pageDown home end return escape tab shift backspace delete ctrl meta'
      .split(' ')
      .map((name) => [name, false]),
  ) as unknown as Press;
  expect(keysOf('Ry', none)).toEqual([typed('R', false), typed('y', false)]);
  expect(keysOf('é', none)).toEqual([typed('é')]);
  expect(keysOf('a\r', none)).toEqual([typed('a', false), { type: 'Enter' }]);
  expect(keysOf('x', { ...none, meta: true })).toEqual([]);
  expect(keysOf('c', { ...none, ctrl: true })).toEqual([{ type: 'Ctrl', letter: 'c' }]);
});
