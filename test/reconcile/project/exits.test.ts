import { expect, test } from 'vitest';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import { newExit } from '../../../controller/reconcile/project/exits.ts';
import type { Life } from '../../../controller/reconcile/project/life.ts';

const NOW = 1_700_000_000_000;
const RUN = `${NOW - 5000}-1`;

function exitOf(pane: Record<string, unknown>, previous: Record<string, unknown> = {}, outOfMemory: string[] = []) {
  const life = { type: 'Ended', pane: { mark: { run: RUN }, pid: 7, dead: true, ...pane } } as unknown as Life;
  const input = { observed: { health: { outOfMemory } }, now: NOW } as unknown as ProjectInput;
  return newExit(life, { run: RUN, ...previous } as unknown as AgentStatus, input);
}

test.each([
  ['Clean', { exitCode: 0 }, {}],
  ['Crash', { exitCode: 3 }, {}],
  ['Crash', { signal: 9 }, {}],
  ['Auth', { exitCode: 1 }, { state: 'NeedsAuth' }],
  ['Limit', { exitCode: 0 }, { state: 'Limited' }],
  ['Ended', { signal: 15 }, { termination: { reason: 'Hung' } }],
  ['Crash', { exitCode: 1 }, { run: 'another', state: 'NeedsAuth' }],
])('the end is of kind %s for %j with %j before', (kind, pane, previous) => {
  expect(exitOf(pane, previous)?.kind).toBe(kind);
});

test('[S134] a kill for want of memory is said as such', () => {
  expect(exitOf({ signal: 9 }, {}, [RUN])).toMatchObject({ kind: 'OutOfMemory', reason: 'OOMKilled', signal: 9 });
});

test('an end is new once', () => {
  expect(exitOf({ exitCode: 0 }, { lastExit: { run: RUN } })).toBeUndefined();
});

test.each([
  ['Down', 'Ended', { dev: RUN }],
  [undefined, 'Removed', { dev: 'another' }],
  [undefined, 'Removed', { ops: RUN }],
])(
  "of a run whose pane is gone it is said that it ended for %j, of kind %s, where 'muxlet down' named %j",
  (endedFor, kind, runs) => {
    const overlay = { 'muxlet.dev/down': JSON.stringify(runs) };
    const input = { observed: { health: { outOfMemory: [] } }, overlay, now: NOW } as unknown as ProjectInput;
    const exit = newExit({ type: 'Missing' }, { name: 'dev', run: RUN } as unknown as AgentStatus, input);
    expect([exit?.endedFor, exit?.kind]).toEqual([endedFor, kind]);
  },
);
