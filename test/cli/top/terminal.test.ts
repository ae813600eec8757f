import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
    const its = { rows: 3, places: [0, 1, 2] as readonly number[], drawn: 0 };
    const made = createScreen({
      size: () => ({ columns: 10, rows: its.rows }),
      write: (text) => written.push(text),
      rows: () => its.places,
      drawn: () => (its.drawn += 1),
    });
    return { ...made, its, take: () => written.splice(0).join('') };
  }
  const line = (row: number, text: string): string => `\u001b[${row};1H\u001b[0m${text}\u001b[0m\u001b[K`;

  test('puts lines where they belong, and draws all of them again when it was away', () => {
    const { stream, show, its, take } = screen();
    show(true);
    stream.write('a\nb\nc');
    expect(take()).toBe(line(1, 'a') + line(2, 'b') + line(3, 'c'));
    its.places = [1];
    stream.write('B');
    expect(take()).toBe(line(2, 'B'));
    show(false);
    stream.write('C');
    expect(take()).toBe('');
    show(true);
    expect(take()).toBe(line(1, 'a') + line(2, 'C') + line(3, 'c'));
    expect(its.drawn).toBe(3);
  });

  test('draws nothing below its end, and nothing at all of what is not its lines', () => {
    const { stream, show, its, take } = screen();
    show(true);
    stream.write('a\nb\nc');
    take();
    its.rows = 2;
    stream.write('1\n2\n3');
    expect(take()).toBe(line(1, '1') + line(2, '2'));
    stream.write('');
    stream.write('other');
    expect(take()).toBe('');
  });
});
