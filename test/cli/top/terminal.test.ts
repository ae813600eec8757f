import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { changesBetween, type Place } from '../../../controller/cli/top/changes.ts';
import type { Line } from '../../../controller/cli/top/scene.ts';
import { createScreen } from '../../../controller/cli/top/screen.ts';
import { createInputSplitter } from '../../../controller/cli/top/split-input.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function splitter() {
  const heard: string[] = [];
  const input = createInputSplitter({
    keys: (text) => heard.push(text),
    paste: (text) => heard.push(`pasted ${text}`),
  });
  return { ...input, heard };
}

describe('what comes from a terminal', () => {
  test('an escape sequence that comes in pieces is one key, and an Escape alone is one after a moment', () => {
    const { push, heard } = splitter();
    for (const piece of ['j\u001b', '[', '5', '~k', '\u001b']) push(piece);
    expect(heard).toEqual(['j', '\u001b[5~k']);
    vi.advanceTimersByTime(100);
    expect(heard.at(-1)).toBe('\u001b');
  });

  test('pasted text is no key, whatever it holds and however it comes', () => {
    const whole = 'a\u001b[200~R\ny q\u001b[201~b';
    for (let at = 0; at <= whole.length; at += 1) {
      const { push, heard } = splitter();
      push(whole.slice(0, at));
      push(whole.slice(at));
      expect(heard.join('|')).toMatch(/^a\|pasted R\ny q\|b$/);
    }
  });

  test('a paste without end takes no memory without end, and what follows its end are keys again', () => {
    const { push, heard } = splitter();
    push('\u001b[200~');
    for (let time = 0; time < 100; time += 1) push('x'.repeat(10_000));
    push('\u001b[20');
    push('1~q');
    expect(heard[0]?.length).toBeLessThan(70_000);
    expect(heard.at(-1)).toBe('q');
  });

  test('reports that nobody asked for are no keys', () => {
    const { push, heard } = splitter();
    push('\u001b[I\u001b[?62;22c\u001b[<0;3;4Mj\u001b[O');
    expect(heard).toEqual(['j']);
  });
});

describe('the screen', () => {
  function screen() {
    const written: string[] = [];
    const row = (index: number): Place => ({ row: index, column: 0, width: undefined });
    const its = { rows: 3, places: [row(0), row(1), row(2)] as readonly Place[], drawn: 0 };
    const made = createScreen({
      size: () => ({ columns: 10, rows: its.rows }),
      write: (text) => written.push(text),
      places: () => its.places,
      drawn: () => (its.drawn += 1),
    });
    return { ...made, its, take: () => written.splice(0).join('') };
  }
  const line = (row: number, text: string): string => `\u001b[${row};1H\u001b[0m\u001b[K${text}\u001b[0m`;

  test('puts lines and parts of lines where they belong, as long as the terminal is ours', () => {
    const { stream, show, its, take } = screen();
    stream.write('x\ny\nz');
    expect(take()).toBe('');
    show(true);
    stream.write('a\nb\nc');
    expect(take()).toBe(line(1, 'a') + line(2, 'b') + line(3, 'c'));
    expect(stream.columns).toBe(10);
    its.places = [{ row: 1, column: 4, width: 3 }];
    stream.write('B');
    expect(take()).toBe('\u001b[2;5H\u001b[0m\u001b[3XB\u001b[0m');
    expect(stream.columns).toBe(3);
    expect(its.drawn).toBe(2);
  });

  test('draws nothing below its end, and nothing at all of what is not its lines', () => {
    const { stream, show, its, take } = screen();
    show(true);
    its.rows = 2;
    stream.write('1\n2\n3');
    expect(take()).toBe(line(1, '1') + line(2, '2'));
    stream.write('');
    stream.write('other');
    expect(take()).toBe('');
  });
});

describe('what is to change', () => {
  const before: Line[] = [[{ text: 'ab' }, { text: ' 1' }], [{ text: 'x' }]];

  test('are the pieces that differ, where all stand where they stood', () => {
    const after: Line[] = [[{ text: 'ab' }, { text: ' 2', colour: 'red' }], [{ text: 'x' }]];
    expect(changesBetween(before, after)).toEqual([
      { row: 0, column: 2, width: 2, line: [{ text: ' 2', colour: 'red' }] },
    ]);
    expect(changesBetween(before, before)).toEqual([]);
  });

  test('are whole lines otherwise', () => {
    const whole = (row: number, line: Line) => [{ row, column: 0, width: undefined, line }];
    for (const line of [
      [{ text: 'abc' }, { text: ' 1' }],
      [{ text: 'é1' }, { text: ' 1' }],
      [{ text: 'ab 1' }],
      [],
    ] as Line[]) {
      expect(changesBetween(before, [line, [{ text: 'x' }]])).toEqual(whole(0, line));
    }
    expect(changesBetween([], [[{ text: 'x' }]])).toEqual(whole(0, [{ text: 'x' }]));
    expect(changesBetween([[{ text: 'é' }]], [[{ text: 'é' }]])).toEqual([]);
  });
});
