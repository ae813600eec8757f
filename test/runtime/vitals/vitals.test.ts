import { expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { AgentVitals } from '../../../controller/api/health.ts';
import type { SeenProject } from '../../../controller/runtime/project-worker.ts';
import { createVitals } from '../../../controller/runtime/vitals/vitals.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

const HUNG_S = 100;
const READS = { sources: [] };

interface World {
  /** Of the class: read by sources of its own, or not. */
  readonly isRead?: boolean;
  readonly state?: AgentReading['state'];
  readonly children?: readonly string[];
  readonly name?: string;
  /** Whether somebody types, and the pane shows it. */
  readonly isTalkedTo?: boolean;
  readonly held?: (now: number) => boolean;
  readonly cannotLook?: boolean;
}

/** Watches one agent for so many seconds; gives what is found at each of them, and how often its processes were looked at. */
async function watch(seconds: number, world: World): Promise<{ stuck: AgentVitals['stuck'][]; looks: number }> {
  const clock = createFakeClock(1_000_000_000);
  const begun = clock.now();
  let looks = 0;
  const { isRead = false, state, children = [], name = 'coder', held = () => false } = world;
  const vitals = createVitals({
    clock,
    trees: async (pids) => {
      looks += 1;
      return world.cannotLook === true ? undefined : new Map(pids.map((pid) => [pid, { name, cpuMs: 500, children }]));
    },
    readings: () =>
      state === undefined ? [] : [{ agent: 'dev', run: 'r', state, at: begun, movedAt: begun } as AgentReading],
    isHeld: () => held(clock.now() - begun),
    onChange: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const program = { command: ['coder'], health: { hungAfterSeconds: HUNG_S }, ...(isRead && { reading: READS }) };
  const agent = { name: 'dev', class: 'coder', argv: ['coder'], program };
  const pane = { mark: { uid: 'u', agent: 'dev', run: 'r' }, dead: false, pid: 7 };
  vitals.seen({
    key: 'project/web',
    uid: 'u',
    desired: { type: 'Present', project: { agents: [agent] } },
    tmux: { state: 'Known', value: { panes: [pane] } },
    status: { agents: [] },
  } as unknown as SeenProject);
  const stuck: AgentVitals['stuck'][] = [];
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1000);
    // Looks end between two ticks.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    if (world.isTalkedTo === true) {
      vitals.listed([{ mark: { run: 'r' }, windowActivity: Math.floor(clock.now() / 1000) }]);
    }
    stuck.push(vitals.results('u')[0]?.stuck);
  }
  vitals.close();
  return { stuck, looks };
}

const foundAt = ({ stuck }: { stuck: AgentVitals['stuck'][] }): number => stuck.findIndex((one) => one !== undefined);

test('[S52] hung is found soon after its time, with what was seen', async () => {
  const found = await watch(150, { isRead: true, state: 'Busy' });
  expect(foundAt(found)).toBeGreaterThanOrEqual(HUNG_S);
  expect(foundAt(found)).toBeLessThan(HUNG_S + 30);
  expect(found.stuck.at(-1)).toMatchObject({ reason: 'Hung', message: expect.stringContaining('no output') });
});

test('[S78] a shell in the place of the agent is found within a minute', async () => {
  const found = await watch(70, { name: 'bash' });
  expect(foundAt(found)).toBeLessThan(60);
  expect(found.stuck.at(-1)).toMatchObject({ reason: 'ShellWithoutAgent', message: expect.stringContaining('bash') });
});

test.each<[string, World]>([
  ['[S57] builds quietly for two hours', { isRead: true, state: 'Busy', children: ['cc1'] }],
  ['[S56] is idle', { isRead: true, state: 'Idle' }],
  ['[S122] waits for an answer', { isRead: true, state: 'Waiting' }],
  ['[S127] is at a limit', { isRead: true, state: 'Limited' }],
  ['[S118] is not logged in', { isRead: true, state: 'NeedsAuth' }],
  ['nobody knows what it does', { isRead: true, state: 'Unknown' }],
  ['a person talks to', { isTalkedTo: true }],
  ['whose processes could not be looked at', { cannotLook: true }],
])('is not stuck: who %s', async (_, world) => {
  expect(foundAt(await watch(7200, world))).toBe(-1);
});

test('[S127] the clock stands still while the account is held, and has its whole time after it', async () => {
  const held = (now: number): boolean => now > 50_000 && now < 3_600_000;
  const found = await watch(3800, { isRead: true, state: 'Busy', held });
  expect(foundAt(found)).toBeGreaterThanOrEqual(3590 + HUNG_S);
  expect(foundAt(found)).toBeLessThan(3600 + HUNG_S + 30);
});

test('nobody who moves is looked at', async () => {
  expect((await watch(600, { isTalkedTo: true })).looks).toBeLessThan(3);
});
