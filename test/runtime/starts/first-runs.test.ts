import { expect, test } from 'vitest';
import { createFirstRuns } from '../../../controller/runtime/starts/first-runs.ts';

test('the first run of an agent of an object that began here is known, until another one of it is started', () => {
  const runs = createFirstRuns();
  runs.begun('u');
  runs.launched('u', 'dev', '1');
  runs.launched('u', 'ops', '2');
  runs.launched('older', 'dev', '3');
  const first = (uid: string, agent: string) => ['1', '2', '3'].filter((run) => runs.isFirst(uid, agent, run));
  expect([first('u', 'dev'), first('u', 'ops'), first('u', 'qa'), first('older', 'dev')]).toEqual([
    ['1'],
    ['2'],
    [],
    [],
  ]);
  runs.launched('u', 'dev', '3');
  expect([first('u', 'dev'), first('u', 'ops')]).toEqual([[], ['2']]);
});

test('what is forgotten is no longer known, whatever is started then', () => {
  const runs = createFirstRuns();
  runs.begun('u');
  runs.launched('u', 'dev', '1');
  runs.forgotten('u');
  runs.launched('u', 'dev', '2');
  expect(['1', '2'].map((run) => runs.isFirst('u', 'dev', run))).toEqual([false, false]);
});
