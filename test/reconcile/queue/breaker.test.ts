import { expect, test } from 'vitest';
import type { QueueStatus } from '../../../controller/api/generated/all.ts';
import { decide, entry, NOW, status } from './queue-world.ts';

const MINUTE = 60_000;
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const SPEC = { circuitBreaker: { failures: 2, window: '10m', openFor: '5m' } };
const failed = (project: string, ...ms: number[]) =>
  entry(project, { claim: 'None', outcome: { result: 'Failed', failures: ms.map(at) } });

function withBreaker(breaker: QueueStatus['breaker'], owners: readonly string[] = []): QueueStatus {
  return status(owners, breaker === undefined ? {} : { breaker });
}

test('as many failures within the window as may be leave it closed; one more opens it', () => {
  expect(decide(SPEC, [failed('a', -MINUTE), entry('z')]).status.breaker?.state).toBe('Closed');
  const { status: next, given, why, events, againMs } = decide(SPEC, [failed('a', -MINUTE, -2 * MINUTE), entry('z')]);
  expect(next.breaker).toMatchObject({ state: 'Open', openedAt: at(0) });
  expect(given).toEqual([]);
  expect(why).toEqual({ z: 'BreakerOpen' });
  expect(events.map(({ reason }) => reason)).toEqual(['BreakerOpened']);
  expect(againMs).toBe(5 * MINUTE);
});

test('failures from before the window, and those that a trial has made good, count no more', () => {
  const old = [failed('a', -11 * MINUTE, -12 * MINUTE), entry('z')];
  expect(decide(SPEC, old).given).toEqual(['z']);
  const previous = withBreaker({ state: 'Closed', failures: [], closedAt: at(-MINUTE) });
  const before = [failed('a', -2 * MINUTE, -3 * MINUTE), entry('z')];
  expect(decide(SPEC, before, { previous }).given).toEqual(['z']);
});

test('failures of projects that are gone count, and none counts twice', () => {
  const failures = [{ project: 'gone', at: at(-MINUTE) }];
  const previous = withBreaker({ state: 'Closed', failures });
  expect(decide(SPEC, [failed('a', -MINUTE)], { previous }).status.breaker?.state).toBe('Open');
  expect(decide(SPEC, [failed('gone', -MINUTE)], { previous }).status.breaker?.state).toBe('Closed');
});

test('once it was open for long enough, one is let through as a trial, and nobody with it', () => {
  const previous = withBreaker({ state: 'Open', failures: [], openedAt: at(-5 * MINUTE) });
  const { status: next, given, why } = decide(SPEC, [entry('y'), entry('z')], { previous });
  expect(given).toEqual(['y']);
  expect(next.admitted[0]?.trial).toBe(true);
  expect(next.breaker?.state).toBe('HalfOpen');
  expect(why).toEqual({ z: 'BreakerOpen' });
});

function onTrial(): QueueStatus {
  const { admitted, ...rest } = withBreaker({ state: 'HalfOpen', failures: [], openedAt: at(-6 * MINUTE) }, ['y']);
  return { ...rest, admitted: admitted.map((slot) => ({ ...slot, trial: true })) };
}

test('while the trial runs, everybody waits for it', () => {
  const { why } = decide(SPEC, [entry('y', { claim: 'Holds' }), entry('z')], { previous: onTrial() });
  expect(why).toEqual({ z: 'BreakerOpen' });
});

test('a trial that succeeds closes it, one that fails opens it again', () => {
  const good = entry('y', { claim: 'None', told: 'Admitted', outcome: { result: 'Completed', failures: [] } });
  const closed = decide(SPEC, [good, entry('z')], { previous: onTrial() });
  expect(closed.given).toEqual(['z']);
  expect(closed.status.breaker).toEqual({ state: 'Closed', failures: [], closedAt: at(0) });
  const open = decide(SPEC, [failed('y', -1000), entry('z')], { previous: onTrial() });
  expect(open.given).toEqual([]);
  expect(open.status.breaker).toMatchObject({ state: 'Open', openedAt: at(0) });
});

test('a trial that is taken away says nothing: the next one is the trial', () => {
  const { given, status: next } = decide(SPEC, [entry('y', { claim: 'None' }), entry('z')], { previous: onTrial() });
  expect(given).toEqual(['z']);
  expect(next.admitted[0]?.trial).toBe(true);
});

test('a trial that is suspended and keeps its session is none any more, and keeps its slot', () => {
  const suspended = entry('y', { claim: 'Holds', outcome: { result: undefined, failures: [], suspended: true } });
  const {
    given,
    owners,
    status: next,
  } = decide({ ...SPEC, maxRunning: 2 }, [suspended, entry('z')], { previous: onTrial() });
  expect(given).toEqual(['z']);
  expect(owners).toEqual(['y', 'z']);
  expect(next.admitted.map(({ trial }) => trial)).toEqual([undefined, true]);
  expect(next.breaker?.state).toBe('HalfOpen');
});

test('[S79] set back, the clock does not keep it open for longer', () => {
  const previous = withBreaker({ state: 'Open', failures: [], openedAt: at(60 * MINUTE) });
  expect(decide(SPEC, [entry('y')], { previous }).given).toEqual(['y']);
});

test('taken out of the spec, it is forgotten', () => {
  const previous = withBreaker({ state: 'Open', failures: [], openedAt: at(0) });
  const { status: next, given } = decide({}, [entry('y')], { previous });
  expect(given).toEqual(['y']);
  expect(next.breaker).toBeUndefined();
});
