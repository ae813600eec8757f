import { expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { Desired, DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentClassSpec, ProjectStatus } from '../../../controller/api/generated/all.ts';
import { keyOf } from '../../../controller/api/key.ts';
import type { ObservedTmux } from '../../../controller/api/observed.ts';
import type { EvidenceEyes, Face, TimedRecord } from '../../../controller/runtime/readings/eyes.ts';
import { createReader } from '../../../controller/runtime/readings/reader.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

const START = 1_700_000_000_000;
const PROGRAM: AgentClassSpec = {
  reading: {
    startTimeoutSeconds: 30,
    sources: [
      {
        type: 'File',
        path: '/state/{{ pid }}.json',
        rules: [
          { name: 'busy', match: [{ field: 'status', is: 'busy' }], state: 'Busy', conversation: 'session' },
          { name: 'idle', match: [{ field: 'status', is: 'idle' }], state: 'Idle', or: ['Waiting'] },
        ],
      },
      {
        type: 'Hook',
        rules: [
          { name: 'stop', match: [{ field: 'event', is: 'Stop' }], state: 'Idle', turn: 'Ends', conversation: 'id' },
          {
            name: 'prompt',
            match: [{ field: 'event', is: 'Prompt' }],
            state: 'Busy',
            turn: 'Begins',
            prompt: 'text',
            conversation: 'id',
          },
          { name: 'blip', match: [{ field: 'event', is: 'Blip' }], state: 'Busy', holdsSeconds: 10 },
          { name: 'task', match: [{ field: 'event', is: 'Task' }], work: 'Begins', workId: '{{ record.task }}' },
          { name: 'task-end', match: [{ field: 'event', is: 'TaskEnd' }], work: 'Ends', workId: '{{ record.task }}' },
        ],
      },
      { type: 'Title', rules: [{ name: 'busy', pattern: '^\\*', state: 'Busy' }] },
      {
        type: 'Screen',
        rules: [
          { name: 'ask', pattern: 'Really\\?', state: 'Waiting', reason: 'Question' },
          { pattern: '^(?<left>\\d+)% left', context: 'left' },
        ],
      },
    ],
  },
};

/** A machine with one agent, of which everything that can be seen is set by the test. */
function createWorld({ promptGiven = false } = {}) {
  const clock = createFakeClock(START);
  const seen = {
    records: [] as TimedRecord[],
    files: new Map<string, unknown>(),
    screen: ['hello'],
    captures: 0,
    tellFolder: () => {},
  };
  const faces = new Map<string, Face>();
  const hints: string[] = [];
  const eyes: EvidenceEyes = {
    faces: async () => ({ at: clock.now(), panes: faces }),
    async screen() {
      seen.captures += 1;
      return seen.screen;
    },
    records: (path) => ({ path, read: async () => seen.records.splice(0) }),
    jsonFile: (path) => ({
      async read() {
        const value = seen.files.get(path);
        return value === undefined ? undefined : { value, changedAt: START };
      },
    }),
    find: async () => undefined,
    askJson: async () => undefined,
    watch(_folder, changed) {
      seen.tellFolder = changed;
      return () => undefined;
    },
  };
  const reader = createReader({
    clock,
    eyes,
    render: renderLoosely,
    factsOf: async () => ({ folder: '/agents/x', hookFile: '/agents/x/hooks', variables: {}, promptGiven }),
    redact: async (_agent, lines) => lines,
    onChange: (key) => hints.push(key),
    onFault: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
  };
  return {
    clock,
    seen,
    hints,
    reader,
    show(title: string, pid = 12) {
      faces.set('s %1', { pid, dead: false, title, windowActivity: Math.floor(clock.now() / 1000) });
    },
    hook(value: object, at = clock.now()) {
      seen.records.push({ at, value, timed: true, old: false });
    },
    look(run: string, { dead = false, pid = 12 } = {}) {
      const mark = { uid: 'u', project: 'web', agent: 'dev', hash: 'h', run };
      const agent = { name: 'dev', class: 'c', program: PROGRAM, env: [] } as unknown as DesiredAgent;
      const desired = { type: 'Present', project: { agents: [agent] }, confirmed: true } as unknown as Desired;
      const pane = { server: 's', id: '%1', pid, process: 'Alive', dead, mark };
      const tmux = {
        state: 'Known',
        at: clock.now(),
        value: { sessions: [], panes: [pane] } as unknown as ObservedTmux,
      } as const;
      reader.seen({
        key: keyOf('Project', 'web'),
        uid: 'u',
        desired,
        tmux,
        status: { agents: [] } as unknown as ProjectStatus,
      });
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 50) {
        clock.advance(Math.min(50, left));
        await settle();
      }
    },
    result: (): AgentReading | undefined => reader.results('u')[0],
  };
}
type World = ReturnType<typeof createWorld>;
const RUN = `${START}-aa`;

async function started(options?: Parameters<typeof createWorld>[0]): Promise<World> {
  const world = createWorld(options);
  world.show('');
  world.look(RUN);
  await world.pass(100);
  return world;
}

test('a run of which nothing is known is Starting, and after its time Unknown', async () => {
  const world = await started();
  expect(world.result()).toMatchObject({ state: 'Starting', run: RUN });
  await world.pass(31_000);
  expect(world.result()).toMatchObject({ state: 'Unknown', reason: 'NoEvidence' });
});

test('who was started with a prompt is Starting until a record says that it was taken, though it already rests', async () => {
  const world = await started({ promptGiven: true });
  world.seen.files.set('/state/12.json', { status: 'idle' });
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Starting', reason: 'Starting' });
  world.seen.files.set('/state/12.json', { status: 'busy' });
  await world.pass(6000);
  expect(world.result()).toMatchObject({ state: 'Starting' });
  world.hook({ event: 'Prompt', text: 'of the run before' }, START - 5000);
  await world.pass(1500);
  expect(world.result()).toMatchObject({ state: 'Starting' });
  world.hook({ event: 'Prompt', text: 'go' });
  await world.pass(1500);
  expect(world.result()).toMatchObject({ state: 'Busy' });
});

test('a turn that ended proves it as well, and after its time the start is over without any proof', async () => {
  const told = await started({ promptGiven: true });
  told.hook({ event: 'Stop' });
  await told.pass(1500);
  expect(told.result()).toMatchObject({ state: 'Idle', rule: 'stop' });
  const untold = await started({ promptGiven: true });
  untold.seen.files.set('/state/12.json', { status: 'idle' });
  await untold.pass(29_000);
  expect(untold.result()).toMatchObject({ state: 'Starting' });
  await untold.pass(1500);
  expect(untold.result()).toMatchObject({ state: 'Idle' });
});

test('a dialog is shown before the first prompt was taken', async () => {
  const world = await started({ promptGiven: true });
  world.seen.screen = ['Really?'];
  world.show(' ');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Waiting', reason: 'Question' });
});

test('who is idle with unfinished work is Busy until the last of it ends, which is seen though nothing else moves', async () => {
  const world = await started();
  world.hook({ event: 'Task', task: 'a' });
  world.hook({ event: 'Task', task: 'b' });
  world.hook({ event: 'Stop' });
  await world.pass(1500);
  const working = { state: 'Busy', reason: 'BackgroundWork', evidence: 'hook', rule: 'task', turns: { last: 'Ends' } };
  expect(world.result()).toMatchObject(working);
  await world.pass(20_000);
  world.hook({ event: 'TaskEnd', task: 'b' });
  world.hook({ event: 'TaskEnd', task: 'nobody' });
  await world.pass(1500);
  expect(world.result()).toMatchObject(working);
  await world.pass(20_000);
  world.hook({ event: 'TaskEnd', task: 'a' });
  world.hook({ event: 'Task', task: 'a' }, START + 50);
  await world.pass(1500);
  expect(world.result()).toMatchObject({ state: 'Idle', rule: 'stop' });
});

test('a state file that follows a record is read again a moment later', async () => {
  const world = await started();
  world.seen.files.set('/state/12.json', { status: 'idle' });
  await world.pass(9000);
  expect(world.result()).toMatchObject({ state: 'Idle' });
  world.seen.tellFolder();
  await world.pass(100);
  world.seen.files.set('/state/12.json', { status: 'busy' });
  expect(world.result()).toMatchObject({ state: 'Idle' });
  await world.pass(400);
  expect(world.result()).toMatchObject({ state: 'Busy' });
});

test('a change is told within two seconds, and what stays the same is not told', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  const told = world.hints.length;
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Busy', conversation: 'one', turns: { last: 'Begins' } });
  expect(world.hints.length).toBe(told + 1);
  world.show('');
  await world.pass(20_000);
  expect(world.hints.length).toBe(told + 1);
});

test('even one that nothing hints at, of an agent at rest, is seen with the next slow round', async () => {
  const world = await started();
  await world.pass(20_000);
  world.seen.files.set('/state/12.json', { status: 'busy' });
  await world.pass(6000);
  expect(world.result()).toMatchObject({ state: 'Busy', evidence: 'file' });
});

test('records of an earlier run, or of another conversation, are none of it', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'old', id: 'zero' }, START - 5000);
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  world.hook({ event: 'Stop', id: 'nested' }, START + 500);
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Busy', conversation: 'one' });
  expect(world.result()?.turns.prompts.map(({ text }) => text)).toEqual(['go']);
});

test('what the program keeps for its own process tells that its conversation is another by now', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  await world.pass(1500);
  world.seen.files.set('/state/12.json', { status: 'busy', session: 'two' });
  await world.pass(1500);
  world.hook({ event: 'Stop', id: 'two' });
  await world.pass(1500);
  expect(world.result()).toMatchObject({ conversation: 'two', turns: { last: 'Ends' } });
});

test('evidence that holds for a while expires by itself', async () => {
  const world = await started();
  world.hook({ event: 'Blip' });
  await world.pass(2000);
  expect(world.result()?.state).toBe('Busy');
  await world.pass(9000);
  expect(world.result()?.state).toBe('Starting');
});

test('of an agent that certainly rests the screen says how much of its context is left, and nothing of its state', async () => {
  const world = await started();
  world.hook({ event: 'Stop' });
  await world.pass(1500);
  world.seen.screen = ['7% left'];
  world.show(' ');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Idle', contextLeft: 7 });
  const before = world.seen.captures;
  await world.pass(20_000);
  expect(world.seen.captures).toBe(before);
  world.seen.screen = ['Really?'];
  world.show('  ');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Idle', contextLeft: 7 });
});

test('the screen is looked at where nothing better decides, and only after new output', async () => {
  const world = await started();
  await world.pass(3000);
  const before = world.seen.captures;
  expect(before).toBeGreaterThan(0);
  await world.pass(20_000);
  expect(world.seen.captures).toBe(before);
  world.seen.screen = ['Really?'];
  world.show('');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Waiting', reason: 'Question', evidence: 'screen' });
  world.seen.files.set('/state/12.json', { status: 'busy' });
  await world.pass(6000);
  const then = world.seen.captures;
  world.show('');
  await world.pass(3000);
  expect(world.result()?.state).toBe('Busy');
  expect(world.seen.captures).toBe(then);
});

test('a title that the run before it left in the pane says nothing of the next', async () => {
  const world = await started();
  world.show('* busy');
  await world.pass(1500);
  expect(world.result()?.state).toBe('Busy');
  world.look(RUN, { dead: true });
  expect(world.result()).toBeUndefined();
  const next = `${world.clock.now()}-bb`;
  world.show('* busy', 13);
  world.look(next, { pid: 13 });
  await world.pass(3000);
  expect(world.result()).toMatchObject({ state: 'Starting', run: next });
  world.show('* busier', 13);
  await world.pass(1500);
  expect(world.result()?.state).toBe('Busy');
});

test('what stands in the pane of another process is not the run’s', async () => {
  const world = await started();
  world.show('* busy', 99);
  await world.pass(3000);
  expect(world.result()?.state).toBe('Starting');
});

test('one that was closed reads no more', async () => {
  const world = await started();
  world.reader.close();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  await world.pass(5000);
  expect(world.result()).toBeUndefined();
  expect(world.clock.timers()).toBe(0);
});
