import { expect, test, vi } from 'vitest';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import type { Report } from '../../../controller/api/report.ts';
import { createReports } from '../../../controller/runtime/reports/reports.ts';

const DONE: Report = { id: 'r1', type: 'done', text: '', at: 5000, project: 'web', agent: 'dev', uid: 'u', run: '1-a' };
const AT = new Date(DONE.at).toISOString();

/** A folder with one report in it, and what is on record of the agent that it is of. */
function setUp({ isRefused = false } = {}) {
  const files = new Map([[DONE.id, DONE]]);
  const events: string[] = [];
  const agent = { name: 'dev', run: '1-a' } as AgentStatus;
  const world = {
    agent: agent as AgentStatus | undefined,
    isOnDisk: true,
    settle: (): void => undefined,
    files,
    events,
  };
  const reports = createReports({
    list: async () => files,
    remove: async (id) => void files.delete(id),
    project: (name) => ({ name, uid: 'u', agents: [{ name: 'dev' }] }) as never,
    agent: () => world.agent,
    recorded: () =>
      world.isOnDisk ? Promise.resolve() : new Promise((resolve) => Object.assign(world, { settle: resolve })),
    deciding: {
      route: (report) => ({
        ...(!isRefused && { report }),
        event: { type: 'Normal', reason: 'ReportedDone', message: report.id },
      }),
      conflicts: () => [],
      toHub: () => expect.fail('there is no hub'),
    },
    send: () => undefined,
    onEvent: (_, { message }) => void events.push(message),
    onReport: () => undefined,
  });
  return { reports, world };
}

test('a report stays in its folder until the status that says it is on record, and is handled once', async () => {
  const { reports, world } = setUp();
  await reports.take();
  await reports.take();
  expect(reports.of('u').get('dev')).toMatchObject({ type: 'done', at: AT });
  expect([...world.files.keys()]).toEqual(['r1']);
  world.agent = { ...world.agent, report: { type: 'done', at: AT } } as AgentStatus;
  await reports.take();
  expect([...world.files.keys()]).toEqual([]);
  expect(world.events).toEqual(['r1']);
});

test('a report is not taken away before what says it is on disk', async () => {
  const { reports, world } = setUp();
  world.agent = { ...world.agent, report: { type: 'done', at: AT } } as AgentStatus;
  world.isOnDisk = false;
  const taking = reports.take();
  await vi.waitFor(() => expect(world.events).toEqual(['r1']));
  await new Promise((resolve) => setImmediate(resolve));
  expect([...world.files.keys()]).toEqual(['r1']);
  world.settle();
  await taking;
  expect([...world.files.keys()]).toEqual([]);
});

test.each([
  ['that is no word of an agent', { isRefused: true }, {}],
  ['of an agent that is gone', {}, { agent: undefined }],
])('a report %s goes at once', async (_, scene, now) => {
  const { reports, world } = setUp(scene);
  Object.assign(world, now);
  await reports.take();
  expect([...world.files.keys()]).toEqual([]);
});
