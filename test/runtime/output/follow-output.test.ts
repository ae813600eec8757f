import { describe, expect, test } from 'vitest';
import { createFollower } from '../../../controller/runtime/output/follow-output.ts';
import type { JoinedOutput } from '../../../controller/runtime/output/join-output.ts';

const seen = (texts: readonly string[], openFrom: number, fullScreen = false): JoinedOutput => ({
  lines: texts.map((text, position) => ({ position, at: 0, run: 'r1', text })),
  openFrom,
  fullScreen,
});

function following(first: JoinedOutput) {
  const take = createFollower(first, 0);
  return (next: JoinedOutput, at: number) => take(next, at).map(({ text }) => text);
}

describe('following', () => {
  test('tells what was not shown yet; the last line once it has stood there for two looks', () => {
    const take = following(seen(['a'], 0));
    expect(take(seen(['a', 'b', 'c'], 0), 250)).toEqual(['b']);
    expect(take(seen(['a', 'b', 'c'], 0), 500)).toEqual(['c']);
    expect(take(seen(['a', 'b', 'c'], 0), 750)).toEqual([]);
  });

  test('tells a line that goes on once it is whole', () => {
    const take = following(seen([], 0));
    expect(take(seen(['load'], 0), 250)).toEqual([]);
    expect(take(seen(['loading'], 0), 500)).toEqual([]);
    expect(take(seen(['loading done', ''], 0), 750)).toEqual(['loading done']);
  });

  test('tells a repainted line again when it keeps still for 2 s, or has scrolled out, and not before', () => {
    const take = following(seen(['spin 1', 'box'], 0));
    expect(take(seen(['spin 2', 'box'], 0), 250)).toEqual([]);
    expect(take(seen(['spin 3', 'box'], 0), 2000)).toEqual([]);
    expect(take(seen(['spin 3', 'box'], 0), 4000)).toEqual(['spin 3']);
    expect(take(seen(['answer', 'box', 'more', ''], 1), 4250)).toEqual(['answer', 'more']);
    expect(take(seen(['answer', 'box', 'more', ''], 1), 9000)).toEqual(['']);
  });

  test('tells nothing of a full-screen program but what it leaves behind', () => {
    const take = following(seen(['a'], 1));
    expect(take(seen(['a', 'menu', 'bar'], 1, true), 250)).toEqual([]);
    expect(take(seen(['a', 'menu', 'end'], 3), 500)).toEqual(['menu', 'end']);
  });
});
