import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PaneOutput } from '../../../controller/api/observed.ts';
import {
  type AgentOutput,
  endRun,
  type OutputLine,
  recallOutput,
  takeCapture,
} from '../../../controller/runtime/output/agent-output.ts';

function seen(settled: readonly string[], screen: readonly string[], more: Partial<PaneOutput> = {}): PaneOutput {
  const mark = { uid: 'u', project: 'web', agent: 'dev', hash: 'h', run: 'r1' };
  return {
    mark,
    dead: false,
    fullScreen: false,
    windowActivity: 0,
    historyRows: settled.length,
    earlierRows: 0,
    settled,
    screen,
    ...more,
  };
}

const texts = (lines: readonly OutputLine[]): string[] => lines.map(({ text }) => text);
const take = (known: AgentOutput, pane: PaneOutput, at = 0, over = false) =>
  takeCapture(known, pane, { at, rows: 500, over });

describe('of an agent', () => {
  test('what has scrolled out is saved, and what is on the screen waits', () => {
    const first = take(recallOutput('r1', []), seen(['a', 'b'], ['c', 'prompt$']), 1000);
    expect(first.lines).toEqual([
      { position: 0, at: 1000, run: 'r1', text: 'a' },
      { position: 1, at: 1000, run: 'r1', text: 'b' },
    ]);
    const second = take(first.output, seen(['a', 'b', 'c'], ['prompt$ ls', 'x']), 2000);
    expect(second.lines).toEqual([{ position: 2, at: 1000, run: 'r1', text: 'c' }]);
  });

  test('the end of a run saves its screen, once', () => {
    const first = take(recallOutput('r1', []), seen(['a'], ['b', 'c'], { dead: true }), 0, true);
    expect(texts(first.lines)).toEqual(['a', 'b', 'c']);
    expect(take(first.output, seen(['a'], ['b', 'c'], { dead: true }), 0, true).lines).toEqual([]);
    expect(endRun(first.output).lines).toEqual([]);
  });

  test('a full-screen program is saved as its last screen alone', () => {
    let known = recallOutput('r1', []);
    for (const clock of ['12:00', '12:01', '12:02']) {
      const taken = take(known, seen(['a'], ['shell', clock, 'menu'], { fullScreen: true }));
      expect(texts(taken.lines)).toEqual(clock === '12:00' ? ['a'] : []);
      known = taken.output;
    }
    expect(texts(endRun(known).lines)).toEqual(['shell', '12:02', 'menu']);
  });

  test('a cleared screen and history begin again, and nothing is doubled', () => {
    const first = take(recallOutput('r1', []), seen(['a', 'b'], ['c']));
    const second = take(first.output, seen([], ['d']));
    const third = take(second.output, seen(['d'], ['e'], { historyRows: 1 }));
    expect([second, third].flatMap(({ lines }) => texts(lines))).toEqual(['d']);
  });

  test('a controller that is started again goes on where the last one stopped', () => {
    const first = take(recallOutput('r1', []), seen(['a', 'b'], ['c']));
    const second = take(recallOutput('r1', first.lines), seen(['a', 'b', 'c'], ['d']));
    expect(second.lines).toMatchObject([{ position: 2, text: 'c' }]);
  });
});

test('[property] a run is saved whole and in its order, however often it is looked at', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('', 'x', 'y', 'z z'), { maxLength: 150 }),
      fc.array(fc.record({ end: fc.nat(150), restart: fc.boolean() }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 8 }),
      (lines, looks, height) => {
        const saved: OutputLine[] = [];
        let known = recallOutput('r1', []);
        for (const { end, restart } of looks.sort((a, b) => a.end - b.end)) {
          const seenNow = lines.slice(0, end);
          const above = Math.max(0, seenNow.length - height);
          const taken = take(known, seen(seenNow.slice(0, above), seenNow.slice(above)));
          saved.push(...taken.lines);
          known = restart ? recallOutput('r1', saved) : taken.output;
        }
        const above = Math.max(0, lines.length - height);
        saved.push(...take(known, seen(lines.slice(0, above), lines.slice(above), { dead: true }), 0, true).lines);
        expect(texts(saved)).toEqual(lines);
        expect(saved.map(({ position }) => position)).toEqual(lines.map((_, index) => index));
      },
    ),
  );
});
