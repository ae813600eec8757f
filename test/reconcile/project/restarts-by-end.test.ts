import { expect, test } from 'vitest';
import type { Exit } from '../../../controller/api/generated/all.ts';
import { restartsByEnd } from '../../../controller/reconcile/project/agent-view.ts';
import { agent } from '../../../controller/store/state/check-agent-status.ts';

const exit = (run: string, kind?: Exit['kind']) =>
  ({ run, reason: 'Error', finishedAt: '2026-03-01T11:00:00.000Z', output: [], ...(kind && { kind }) }) satisfies Exit;

test('a restart counts by the kind of the end before it', () => {
  const first = restartsByEnd({ run: 'a', lastExit: exit('a', 'Crash') });
  expect(first).toEqual({ Crash: 1 });
  const second = restartsByEnd({ run: 'b', lastExit: exit('b', 'Limit'), restartsByEnd: first });
  expect(restartsByEnd({ run: 'c', lastExit: exit('c', 'Crash'), restartsByEnd: second })).toEqual({
    Crash: 2,
    Limit: 1,
  });
});

test.each([
  ['nobody saw', undefined],
  ['that was of an earlier run', exit('a', 'Crash')],
  ['of no kind, from before there were kinds', exit('b')],
])('after an end %s it counts for none', (_, lastExit) => {
  const counted = { Clean: 1 };
  expect(restartsByEnd({ run: 'b', ...(lastExit && { lastExit }), restartsByEnd: counted })).toEqual(counted);
});

test('what was counted is kept by the next controller', () => {
  const kept = { name: 'dev', uid: 'u', restartsByEnd: { Crash: 2, Limit: 1 } };
  expect(agent(kept, { path: 'agents[0]', dropped: () => undefined })).toMatchObject(kept);
});
