import { expect, test } from 'vitest';
import type { AgentStatus } from '../../controller/api/generated/all.ts';
import { createFaults } from '../../controller/wiring/faults.ts';

const KNOWN = '2026-03-01T11:59:59.999Z';
const FOUND = '2026-03-01T12:00:00.000Z';

function setUp() {
  const told: string[] = [];
  const hooks: Parameters<typeof createFaults>[0] = {
    onExit: (kind) => told.push(`exit ${kind}`),
    onRecovery: (reason) => told.push(`recovery ${reason}`),
    onDetected: (fault) => told.push(`detected ${fault}`),
    onRecovered: (fault) => told.push(`recovered ${fault}`),
    onAuthFailure: () => told.push('auth'),
  };
  const faults = createFaults(hooks, Date.parse(FOUND));
  return {
    told,
    see: (...agents: Partial<AgentStatus>[]): void => {
      for (const agent of agents) faults.seen([{ uid: 'one', ...agent } as AgentStatus], [], 0);
    },
  };
}

const RUNNING = { state: 'Busy', pid: 1, run: 'r1' } as const;
const ENDED = {
  state: 'Exited',
  run: 'r1',
  lastExit: { run: 'r1', kind: 'Auth', finishedAt: '' },
} as Partial<AgentStatus>;

test('an agent without a login counts once, however it shows and however long it lasts', () => {
  const { told, see } = setUp();
  see(RUNNING, { ...RUNNING, state: 'NeedsAuth' }, { ...RUNNING, state: 'NeedsAuth' });
  see({ ...RUNNING, state: 'Unknown' }, { ...RUNNING, state: 'NeedsAuth' });
  see(ENDED, { ...ENDED, state: 'Starting', run: 'r2', pid: 2 });
  expect(told).toEqual(['auth', 'exit Auth']);
  see({ ...ENDED, ...RUNNING, run: 'r2' }, { ...ENDED, ...RUNNING, run: 'r2', state: 'NeedsAuth' });
  expect(told).toEqual(['auth', 'exit Auth', 'auth']);
});

test('one that ends of it counts even if nothing else was seen of it', () => {
  const { told, see } = setUp();
  see(RUNNING, ENDED, ENDED, { ...ENDED, state: 'Pending' });
  expect(told).toEqual(['exit Auth', 'auth']);
});

test('what is so already when the controller begins was counted before it', () => {
  const { told, see } = setUp();
  see({ ...RUNNING, state: 'NeedsAuth' }, { ...RUNNING, state: 'NeedsAuth' });
  expect(told).toEqual([]);
});

test('an end that is found at the first look counts, and one that was known before does not', () => {
  const ended = (finishedAt: string) =>
    ({ state: 'Starting', run: 'r1', lastExit: { run: 'r1', kind: 'Removed', finishedAt } }) as Partial<AgentStatus>;
  const back = (finishedAt: string) => ({ ...ended(finishedAt), ...RUNNING, run: 'r2' });
  const found = setUp();
  found.see(ended(FOUND), back(FOUND), back(FOUND));
  expect(found.told).toEqual(['exit Removed', 'recovered Removed']);
  const known = setUp();
  known.see(ended(KNOWN), back(KNOWN));
  expect(known.told).toEqual([]);
});
