import { expect, test } from 'vitest';
import type { LaunchObstacle } from '../../../controller/api/observed.ts';
import { type GatherInput, gather, type ProjectEyes } from '../../../controller/reconcile/project/gather.ts';

const RUN = '1700000000000-1';
const MISSING: LaunchObstacle = { agent: 'dev', reason: 'WorkingDirMissing', message: '/srv/web does not exist' };
const PANE = { mark: { uid: 'u', agent: 'dev', run: RUN, hash: 'h' }, dead: true, exitCode: 0 };

const LIVING = { ...PANE, dead: false, exitCode: undefined, process: 'Alive' };
const OLDER = { ...PANE, mark: { ...PANE.mark, run: '1600000000000-1' } };

interface Scene {
  readonly policy?: 'Always' | 'OnFailure' | 'Never';
  readonly pane?: object;
  readonly run?: object;
  readonly lastExit?: object;
  readonly termination?: object;
  /** Further panes of the agent. */
  readonly others?: readonly object[];
  readonly confirmed?: boolean;
  readonly leftovers?: number;
  /** The run that is on record. */
  readonly known?: string;
}

/** What is said to be in the way of the one agent of a project, whose directory is gone. */
async function obstacles(scene: Scene): Promise<string[]> {
  return (await gathered(scene)).obstacles.map(({ reason }) => reason);
}

function gathered(
  { policy = 'Never', pane, run, confirmed = true, others = [], known: latest, ...known }: Scene,
  further: Partial<ProjectEyes> = {},
) {
  const agent = { name: 'dev', class: 'shell', restartPolicy: policy, launchHash: 'h' };
  const input = {
    uid: 'u',
    desired: { type: 'Present', confirmed, project: { name: 'web', agents: [agent], inputs: 'i1' } },
    previous: { agents: [{ name: 'dev', restarts: 0, ...known, ...(latest !== undefined && { run: latest }) }], run },
    tmux: { state: 'Known', at: 0, value: { sessions: [], panes: pane === undefined ? [] : [...others, pane] } },
    admission: { type: 'Admitted', reason: 'NotQueued', message: '' },
    now: 0,
  } as unknown as GatherInput;
  const eyes = {
    health: () => ({ accounts: [], vitals: [], outOfMemory: [] }),
    obstacles: async () => [MISSING],
    output: async () => [],
    redact: async (_: unknown, lines: readonly string[]) => lines,
    processes: async () => ({ state: 'Known', at: 0, value: [] }),
    probes: () => [],
    readings: () => [],
    reports: () => new Map(),
    words: () => [],
    ...further,
  } as unknown as ProjectEyes;
  return gather(eyes, input);
}

test('who is to be started is asked for what is in the way', async () => {
  expect(await obstacles({})).toEqual(['WorkingDirMissing']);
});

test.each<[string, Scene, readonly string[]]>([
  ['has its result', { run: { stage: 'Finished', inputs: 'i1' } }, []],
  [
    'has its result, and a changed spec nobody has confirmed',
    { run: { stage: 'Finished', inputs: 'i0' }, confirmed: false },
    [],
  ],
  ['has its result, and a changed spec', { run: { stage: 'Finished', inputs: 'i0' } }, ['WorkingDirMissing']],
  ['waits for its next attempt', { run: { stage: 'BackingOff', inputs: 'i1' } }, ['WorkingDirMissing']],
])('of a project that %s, %j', async (_, scene, expected) => {
  expect(await obstacles(scene)).toEqual(expected);
});

test.each<[string, Scene, readonly string[]]>([
  ['never starts again', { pane: PANE }, ['NotChecked']],
  ['starts again after a failure, and ended well', { pane: PANE, policy: 'OnFailure' }, ['NotChecked']],
  [
    'starts again after a failure, and failed',
    { pane: { ...PANE, exitCode: 1 }, policy: 'OnFailure' },
    ['WorkingDirMissing'],
  ],
  ['was ended to be started again', { pane: PANE, termination: { reason: 'Restarted' } }, ['WorkingDirMissing']],
  [
    'left an older terminal behind',
    { pane: { ...PANE, dead: true, exitCode: 1 }, others: [OLDER], policy: 'OnFailure' },
    ['WorkingDirMissing'],
  ],
  ['always starts again', { pane: PANE, policy: 'Always' }, ['WorkingDirMissing']],
  [
    'ended a while ago',
    { pane: PANE, lastExit: { run: RUN, finishedAt: new Date(0).toISOString() } },
    ['WorkingDirMissing'],
  ],
  ['ran something else', { pane: { ...PANE, mark: { ...PANE.mark, hash: 'h0' } } }, ['WorkingDirMissing']],
])(
  'an agent that has just ended and %s is started only after a look at what is in the way, %j',
  async (_, scene, expected) => {
    expect(await obstacles(scene)).toEqual(expected);
  },
);

test.each<[string, Scene, string, boolean]>([
  ['first of its agent', { pane: LIVING }, RUN, false],
  ['first as far as is known', { pane: LIVING }, 'another', true],
  ['first of its agent, and something was left', { pane: LIVING, leftovers: 1 }, RUN, true],
  ['only one, and over', { lastExit: { run: RUN, finishedAt: new Date(0).toISOString() }, known: RUN }, RUN, true],
])(
  'who looks at a run that is the %s, looks among all processes for what earlier ones left only where there may be any',
  async (...given) => {
    const [, scene, first, isLookedFor] = given;
    let asked = 0;
    await gathered(scene, {
      async processes() {
        asked += 1;
        return { state: 'Known', at: 0, value: [] };
      },
      isFirstRun: (uid, agent, run) => uid === 'u' && agent === 'dev' && run === first,
    });
    expect(asked > 0).toBe(isLookedFor);
  },
);
