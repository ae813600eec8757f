import { expect, test } from 'vitest';
import type { DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentStatus, Exit, Termination } from '../../../controller/api/generated/all.ts';
import { isExhausted, recoveriesOf } from '../../../controller/reconcile/project/recovery.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

function after(recoveries: readonly string[], now: number, by?: Termination['reason']): readonly string[] {
  const previous = { recoveries, ...(by !== undefined && { termination: { reason: by } }) } as AgentStatus;
  return recoveriesOf(previous, by === undefined ? undefined : ({ finishedAt: iso(now) } as Exit), now);
}

test('[S64] three recoveries within an hour are enough, unless the class says otherwise', () => {
  const agent = (maxRecoveriesPerHour?: number): DesiredAgent =>
    ({ program: { health: { ...(maxRecoveriesPerHour !== undefined && { maxRecoveriesPerHour }) } } }) as DesiredAgent;
  let recoveries: readonly string[] = [];
  const exhausted: boolean[] = [];
  for (let time = 1; time <= 3; time += 1) {
    recoveries = after(recoveries, NOW + time * MINUTE, time === 2 ? 'ShellWithoutAgent' : 'Hung');
    exhausted.push(isExhausted(agent(), recoveries));
  }
  expect(exhausted).toEqual([false, false, true]);
  expect(isExhausted(agent(4), recoveries)).toBe(false);
  expect(isExhausted(agent(0), [])).toBe(true);
});

test('[S64] a recovery counts for an hour, also over a clock that was set back', () => {
  const once = after([], NOW, 'Hung');
  expect(after(once, NOW + 59 * MINUTE)).toEqual(once);
  expect(after(once, NOW + 60 * MINUTE)).toEqual([]);
  expect(after(once, NOW - 600 * MINUTE)).toEqual(once);
});

test('what was ended for another reason was not recovered', () => {
  expect(after([], NOW, 'SpecChanged')).toEqual([]);
  expect(after([], NOW, 'AccountRestored')).toEqual([]);
});
