import { expect, test } from 'vitest';
import { noteArrivals } from '../../../controller/store/specs/arrivals.ts';

const wanted = (...names: string[]) => ({
  wanted: new Map(names.map((name) => [`project/${name}`, undefined] as const)),
});

test('what one look finds came at the same time, in the order in which it stands', () => {
  const arrivals = noteArrivals(new Map(), wanted('b', 'a'), 1000);
  expect([...arrivals]).toEqual([
    ['project/b', { at: 1000, order: 1 }],
    ['project/a', { at: 1000, order: 2 }],
  ]);
});

test('who is there already keeps its time and place, wherever it stands now; who went and came back comes anew', () => {
  const first = noteArrivals(new Map(), wanted('a', 'b'), 1000);
  const second = noteArrivals(first, wanted('c', 'b'), 2000);
  expect([...second]).toEqual([
    ['project/c', { at: 2000, order: 1 }],
    ['project/b', { at: 1000, order: 2 }],
  ]);
  expect(noteArrivals(second, wanted('a'), 3000).get('project/a')).toEqual({ at: 3000, order: 1 });
});
