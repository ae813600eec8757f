import { expect, test } from 'vitest';
import type { ProjectStatus } from '../../controller/api/generated/all.ts';
import type { Look } from '../../controller/api/observed.ts';
import { createComparison, type FootprintPane, isSaidGoneOf } from '../../controller/runtime/full-look.ts';

const KEY = 'project/web';

test('says nothing of a project of which nothing has changed, however its panes are listed', () => {
  const compare = createComparison(() => false);
  compare(known([pane('%1'), pane('%2')]));
  expect(compare(known([pane('%2'), pane('%1')]))).toEqual({ lacking: [], others: [] });
});

test('the very list that was seen before says nothing, nor does that which nobody could make', () => {
  const compare = createComparison(() => false);
  const list = known([pane('%1')]);
  compare(list);
  compare({ state: 'Unknown', at: 0, reason: 'TmuxUnresponsive', message: '' });
  expect(compare(list)).toEqual({ lacking: [], others: [] });
  expect(compare(known([]))).toEqual({ lacking: [KEY], others: [] });
});

test('tells a project that has more than before from one that lacks something', () => {
  const compare = createComparison(() => false);
  expect(compare(known([pane('%1')]))).toEqual({ lacking: [], others: [KEY] });
  expect(compare(known([pane('%1'), pane('%2')]))).toEqual({ lacking: [], others: [KEY] });
  expect(compare(known([pane('%1')]))).toEqual({ lacking: [KEY], others: [] });
  expect(compare(known([]))).toEqual({ lacking: [KEY], others: [] });
});

test.each([
  { what: 'died', change: { dead: true } },
  { what: 'was given another process', change: { pid: 7 } },
  { what: 'was renamed', change: { windowName: 'other' } },
  { what: 'stands beside another one', change: { windowPanes: 2 } },
])('a pane that $what is not the one that it was', ({ change }) => {
  const compare = createComparison(() => false);
  compare(known([pane('%1')]));
  expect(compare(known([{ ...pane('%1'), ...change }, pane('%2')]))).toEqual({ lacking: [KEY], others: [] });
});

test('that nothing of a project is there is no news where that is said already', () => {
  const gone: ProjectStatus = { observedGeneration: 1, phase: 'Completed', conditions: [], agents: [] };
  const up = { ...gone, session: { server: 'muxlet', id: '$1', name: 'web' } };
  let status = up;
  const compare = createComparison(() => isSaidGoneOf(status));
  expect(compare(known([pane('%1')]))).toEqual({ lacking: [], others: [KEY] });
  expect(compare(known([]))).toEqual({ lacking: [KEY], others: [] });
  compare(known([pane('%1')]));
  status = gone as typeof up;
  expect(compare(known([]))).toEqual({ lacking: [], others: [] });
});

test('what cannot be seen has not changed', () => {
  const compare = createComparison(() => false);
  compare(known([pane('%1')]));
  const unknown = { state: 'Unknown', at: 0, reason: 'TmuxUnresponsive', message: '' } as const;
  expect(compare(unknown)).toEqual({ lacking: [], others: [] });
  expect(compare(known([pane('%1')]))).toEqual({ lacking: [], others: [] });
});

function known(value: readonly FootprintPane[]): Look<readonly FootprintPane[]> {
  return { state: 'Known', at: 0, value };
}

function pane(id: string): FootprintPane {
  return {
    server: 'muxlet',
    sessionId: '$1',
    sessionName: 'web',
    windowId: '@1',
    windowIndex: 1,
    windowName: 'dev',
    windowPanes: 1,
    id,
    pid: 5,
    dead: false,
    project: 'web',
    mark: { run: '1-a' },
  };
}
