import { expect, test } from 'vitest';
import { continueEnding } from '../../../controller/reconcile/project/ending.ts';
import type { OwnPane } from '../../../controller/reconcile/project/life.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const PANE: OwnPane = {
  server: 'muxlet',
  sessionId: '$1',
  windowId: '@1',
  windowIndex: 0,
  windowName: 'dev',
  windowPanes: 1,
  id: '%1',
  pid: 40,
  processStart: '7',
  process: 'Alive',
  dead: false,
  mark: { uid: 'u', project: 'web', agent: 'dev', hash: 'h', run: '1-a' },
};

test('a process whose marks cannot be read is ended by what its pane says of it', () => {
  const since = new Date(NOW).toISOString();
  const { over, actions } = continueEnding({
    owner: { project: 'web', uid: 'u' },
    agent: 'dev',
    stop: { graceMs: 1000 },
    reason: 'ProjectRemoved',
    begun: { reason: 'ProjectRemoved', stage: 'Begun', since, stageSince: since },
    pane: PANE,
    processes: { state: 'Known', at: NOW, value: [] },
    now: NOW,
  });
  expect(over).toBe(false);
  expect(actions).toEqual([{ type: 'Signal', agent: 'dev', signal: 'TERM', processes: [{ pid: 40, startTime: '7' }] }]);
});
