import { expect, test } from 'vitest';
import type { ProcessStat } from '../../controller/observe/process-table.ts';
import { createServerFinder, isServerAlive } from '../../controller/observe/server-process.ts';

const STAT: ProcessStat = { pid: 7, parent: 1, session: 7, zombie: false, startTime: '100', name: 'tmux: server' };

test.each([
  ['the one that was seen', STAT, '100', true],
  ['a later one of the same id, a stranger', { ...STAT, startTime: '200' }, '100', false],
  ['a zombie', { ...STAT, zombie: true }, '100', false],
  ['gone', 'Gone', '100', false],
  ['one that cannot be read', 'Unknown', '100', true],
  ['one whose start could not be read when it was seen', STAT, undefined, true],
] as const)('whether the tmux server lives is told by its id and start together: %s', (_, stat, startTime, alive) => {
  expect(isServerAlive({ stat: () => stat }, { pid: 7, startTime })).toBe(alive);
});

test('of servers that are looked for together, all are found by one walk, and a later one by another', async () => {
  let walks = 0;
  const find = createServerFinder({ all: async () => [{ ...STAT, pid: walks++ }] }, {});
  expect(await Promise.all([find('muxlet'), find('muxlet.1')])).toEqual([undefined, undefined]);
  expect(walks).toBe(1);
  await find('muxlet');
  expect(walks).toBe(2);
});
