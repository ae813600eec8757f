import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { Desired, DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentClassSpec, ProjectStatus } from '../../../controller/api/generated/all.ts';
import { keyOf } from '../../../controller/api/key.ts';
import type { ObservedTmux } from '../../../controller/api/observed.ts';
import type { EvidenceEyes, Face, TimedRecord } from '../../../controller/runtime/readings/eyes.ts';
import { createReader } from '../../../controller/runtime/readings/reader.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

export const START = 1_700_000_000_000;
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
          { name: 'clear', match: [{ field: 'event', is: 'Clear' }], conversation: 'id', renews: true },
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
export function createWorld({ promptGiven = false } = {}) {
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
export type World = ReturnType<typeof createWorld>;
export const RUN = `${START}-aa`;

/** Its one agent runs, and was seen. */
export async function started(options?: Parameters<typeof createWorld>[0]): Promise<World> {
  const world = createWorld(options);
  world.show('');
  world.look(RUN);
  await world.pass(100);
  return world;
}
