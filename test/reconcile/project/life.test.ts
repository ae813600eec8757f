import { expect, test } from 'vitest';
import type { ProcessState } from '../../../controller/api/observed.ts';
import { lifeOf, type OwnPane } from '../../../controller/reconcile/project/life.ts';

function pane(rest: Partial<OwnPane>, run = '5-a'): OwnPane {
  return {
    server: 's',
    sessionId: '$0',
    windowId: '@0',
    windowIndex: 0,
    windowName: 'a',
    windowPanes: 1,
    windowAgent: 'a',
    id: '%0',
    pid: 7,
    process: 'Alive',
    dead: false,
    mark: {
      uid: 'u',
      project: 'p',
      agent: 'a',
      hash: 'h',
      run,
    },
    ...rest,
  };
}

test.each<[boolean, ProcessState, 'none' | 'code' | 'signal', string]>([
  [false, 'Alive', 'none', 'Running'],
  [false, 'Unknown', 'none', 'Running'],
  [false, 'Zombie', 'none', 'Settling'],
  [false, 'Gone', 'none', 'Settling'],
  [true, 'Gone', 'code', 'Ended'],
  [true, 'Gone', 'signal', 'Ended'],
  [true, 'Alive', 'code', 'Ended'],
  [true, 'Gone', 'none', 'Ended'],
  [true, 'Alive', 'none', 'Detached'],
  [true, 'Zombie', 'none', 'Settling'],
  [true, 'Unknown', 'none', 'Settling'],
])('dead %s, process %s, status %s: %s', (dead, process, status, life) => {
  const end = status === 'code' ? { exitCode: 0 } : status === 'signal' ? { signal: 9 } : {};
  expect(lifeOf([pane({ dead, process, ...end })]).type).toBe(life);
});

test('without a pane the agent is missing', () => {
  expect(lifeOf([])).toEqual({ type: 'Missing' });
});

test('of several panes the living one counts, then the one that was started last', () => {
  const living = pane({ id: '%1' }, '1-a');
  const dead = pane({ id: '%2', dead: true, exitCode: 0 }, '9-a');
  const older = pane({ id: '%3', dead: true, exitCode: 0 }, '2-a');
  expect(lifeOf([dead, living, older])).toMatchObject({ type: 'Running', pane: { id: '%1' } });
  expect(lifeOf([older, dead])).toMatchObject({ type: 'Ended', pane: { id: '%2' } });
});
