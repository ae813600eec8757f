import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ControlMessage, createControlParser } from '../../controller/tmux/control-parser.ts';

function parse(lines: readonly string[]): ControlMessage[] {
  const take = createControlParser();
  return lines.flatMap((line) => take(line) ?? []);
}

const text = fc.string().map((line) => line.replaceAll('\n', ' '));
const hostile = fc.oneof(
  text,
  fc.constantFrom('%end 1 2 0', '%end', '%error 7 7 1', '%begin 5 5 1', '%sessions-changed', '%output %1 x', ''),
);

test('a reply holds its lines as they are, whatever they look like', () => {
  const block = fc.record({ id: fc.nat(9), failed: fc.boolean(), lines: fc.array(hostile) });
  fc.assert(
    fc.property(fc.array(block), (blocks) => {
      const sent = blocks.map((one, index) => ({ ...one, id: `1700000000 ${100 + index}` }));
      const lines = sent.flatMap(({ id, failed, lines: own }) => [
        `%begin ${id} 1`,
        ...own,
        `%${failed ? 'error' : 'end'} ${id} 1`,
      ]);
      expect(parse(lines)).toEqual(sent.map(({ failed, lines: own }) => ({ type: 'Block', failed, lines: own })));
    }),
  );
});

test.each([
  ['%window-close @3', 'window-close', '@3'],
  ['%sessions-changed', 'sessions-changed', ''],
  ['%session-renamed $1 a b', 'session-renamed', '$1 a b'],
  ['%exit', 'exit', ''],
  ['%window-renamed @1  two  blanks ', 'window-renamed', '@1  two  blanks '],
])('%j is a notification', (line, name, rest) => {
  expect(parse([line])).toEqual([{ type: 'Notification', name, rest }]);
});

test('text outside of a reply says nothing', () => {
  expect(parse(['', 'hello', ' %end', '% x'])).toEqual([]);
});

test('a reply that never ends says nothing, and takes no notification for one', () => {
  expect(parse(['%begin 1 1 0', '%sessions-changed', '%end 1 2 0'])).toEqual([]);
});
