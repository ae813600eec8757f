import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePane } from '../../controller/observe/pane-format.ts';
import { createPaneReader } from '../../controller/observe/pane-reader.ts';

const SERVER = 'muxlet';

interface Line {
  readonly id: number;
  readonly pid: number;
  readonly activity: number;
  readonly name: string;
}

/** A pane's line as tmux prints it: where it stands, its process, when it printed last. */
function lineOf({ id, pid, activity, name }: Line): string {
  const fields = [`$${id}`, `@${id}`, `%${id}`, 1, 0, 1, activity, pid, 0, '', '', '', '', '', name, 'dev'];
  return `muxlet:${fields.join('\t')}`;
}

const pane = fc.record({
  id: fc.nat(5),
  pid: fc.nat(3),
  activity: fc.nat(2),
  name: fc.constantFrom('web', 'žluťoučký', '日本'),
});
const lines = fc.array(fc.oneof(pane.map(lineOf), fc.constant('a line break in a name')), { maxLength: 8 });
const list = fc.record({ server: fc.constantFrom(SERVER, 'other'), lines, isAll: fc.boolean() });

test('whatever was read before, a list is read for what it says', () => {
  fc.assert(
    fc.property(fc.array(list, { maxLength: 12 }), (lists) => {
      const reader = createPaneReader();
      for (const { server, lines: said, isAll } of lists) {
        const read = isAll ? reader.all(server, said) : reader.some(server, said);
        expect(read).toEqual(said.flatMap((line) => parsePane(server, line) ?? []));
      }
    }),
  );
});

test('of a pane that is listed as before the same value is given, and another one of what has changed', () => {
  const reader = createPaneReader();
  const [still, moved] = [1, 2].map((id) => ({ id, pid: 7, activity: 1, name: 'web' })) as [Line, Line];
  const before = reader.all(SERVER, [still, moved].map(lineOf));
  const after = reader.all(SERVER, [lineOf(still), lineOf({ ...moved, activity: 2 })]);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(reader.some(SERVER, [lineOf(still)])[0]).toBe(before[0]);
});

test('a list that says what the one before said is the same list, and none of another server', () => {
  const reader = createPaneReader();
  const lines = [1, 2].map((id) => lineOf({ id, pid: 7, activity: 1, name: 'web' }));
  const before = reader.all(SERVER, [...lines, 'a line break in a name']);
  expect(reader.all(SERVER, [...lines, 'a line break in a name'])).toBe(before);
  expect(reader.all('other', lines)).not.toBe(before);
  const turned = reader.all(SERVER, lines.toReversed());
  expect(turned).toEqual([...before].reverse());
  expect(turned[0]).toBe(before[1]);
  expect(reader.all(SERVER, lines.slice(1))).toEqual(before.slice(1));
});
