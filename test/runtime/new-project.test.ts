import { expect, test } from 'vitest';
import { OVERLAY, type Overlay } from '../../controller/api/admission.ts';
import type { Decision } from '../../controller/api/decision.ts';
import type { Desired } from '../../controller/api/desired.ts';
import type { StoredObject } from '../../controller/api/metadata.ts';
import type { ObservedProject } from '../../controller/api/observed.ts';
import type { StateStore } from '../../controller/runtime/ports.ts';
import { createProjectWorker, type ProjectWorkerOptions } from '../../controller/runtime/project-worker.ts';

const KEY = 'project/web';
const PROJECT = { name: 'web', specHash: 'h1', agents: [], course: { queue: 'night' } };
const DESIRED = { type: 'Present', confirmed: true, project: PROJECT };
const TMUX = { state: 'Known', at: 0, value: { sessions: [], panes: [] } } as const;
const CREATE = { type: 'CreateSession', owner: { project: 'web', uid: 'u1' }, server: 'muxlet', agents: [] } as const;
const DECISION = {
  actions: [CREATE],
  status: { observedGeneration: 1, phase: 'Initializing', conditions: [], agents: [] },
  events: [],
  words: [],
  claim: 'None',
  expired: false,
  finished: false,
} as unknown as Decision;

interface Scene {
  readonly desired?: object;
  readonly inventory?: object;
  readonly sessions?: readonly object[];
  /** Nobody can say what there is. */
  readonly unseen?: boolean;
  /** Whether the inventory can be written. */
  readonly isWritable?: boolean;
  /** The server that it would be placed on. */
  readonly place?: string;
  readonly stored?: object;
  /** Whether its turn has come. */
  readonly isAdmitted?: boolean;
  readonly decision?: Decision;
  readonly overlay?: Overlay;
}

/** A worker for which there is one new project, and all that happens in its order. */
function newProject({ desired = DESIRED, inventory, sessions = [], ...scene }: Scene = {}) {
  const { stored, decision = DECISION, overlay = {}, unseen = false, place = 'muxlet', isWritable = true } = scene;
  const type = scene.isAdmitted === true ? 'Admitted' : 'Waiting';
  let entered = inventory;
  const steps: string[] = [];
  const objects = new Map<string, StoredObject>();
  if (stored !== undefined) objects.set(KEY, stored as StoredObject);
  const nothing = (): undefined => undefined;
  const state = {
    object: (key: string) => objects.get(key),
    putObject(key: string, object: StoredObject) {
      if (JSON.stringify(objects.get(key)) === JSON.stringify(object)) return;
      objects.set(key, object);
      const { specHash, metadata, status } = object;
      steps.push(`object, hash ${specHash}, generation ${metadata.generation}, ${status.phase}`);
    },
    async recorded(key: string) {
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`recorded: ${key}`);
      return true;
    },
    inventoryRecorded: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return isWritable;
    },
    inventory: () => entered,
    removeInventory: () => void steps.push('inventory removed'),
    putInventory(_: string, entry: { readonly server: string }) {
      const { server } = entry;
      entered = entry;
      steps.push(server === 'muxlet' ? 'inventory' : `inventory: ${server}`);
    },
    recordEvent: nothing,
    journal: nothing,
  } as unknown as StateStore;
  const worker = createProjectWorker({
    specs: { desiredProject: () => desired as unknown as Desired },
    state,
    hands: {
      async carryOut(action) {
        steps.push(action.type);
        return { ok: true };
      },
    },
    walk: {
      look: async () =>
        (unseen
          ? { state: 'Unknown', at: 0, reason: 'TmuxUnresponsive', message: '' }
          : { ...TMUX, value: { ...TMUX.value, sessions } }) as unknown as typeof TMUX,
      async gather() {
        steps.push('gather');
        return { tmux: TMUX } as unknown as ObservedProject;
      },
      decide: () => decision,
    },
    now: () => 0,
    steady: () => 0,
    newUid: () => 'u1',
    admission: () => ({ type }) as unknown as ReturnType<ProjectWorkerOptions['admission']>,
    overlay: () => overlay,
    placeProject: () => place,
    onObserved: nothing,
    onAction: nothing,
    say: nothing,
    onForgotten: nothing,
    onEndRecorded: () => void steps.push('end recorded'),
    onExpired: nothing,
  });
  return { worker, steps };
}

test('a new project is on record before it is made, as the object that it is, and is written once', async () => {
  const { worker, steps } = newProject();
  await worker.work(KEY, 0);
  expect(steps).toEqual([
    'recorded: project/web',
    'gather',
    'object, hash h1, generation 1, Initializing',
    'inventory',
    'recorded: project/web',
    'recorded: queue/night',
    'CreateSession',
  ]);
});

test('a new project that may run is on its way to the disk while all that is to be known of it is gathered', async () => {
  const { worker, steps } = newProject({ isAdmitted: true });
  await worker.work(KEY, 0);
  expect(steps).toEqual([
    'recorded: project/web',
    'object, hash h1, generation 1, Pending',
    'inventory',
    'gather',
    'object, hash h1, generation 1, Initializing',
    'recorded: project/web',
    'recorded: queue/night',
    'CreateSession',
  ]);
});

test('what turns out to be decided otherwise is on disk before it is made, too', async () => {
  const places = [{ path: '/trees/web' }];
  const { worker, steps } = newProject({ isAdmitted: true, decision: { ...DECISION, places } as unknown as Decision });
  await worker.work(KEY, 0);
  const from = steps.indexOf('gather');
  expect(steps.slice(from, steps.indexOf('CreateSession'))).toEqual([
    'gather',
    'object, hash h1, generation 1, Initializing',
    'inventory',
    'recorded: project/web',
    'recorded: project/web',
    'recorded: queue/night',
  ]);
});

test.each([
  ['goes where nothing of it is to be seen', [], ['inventory removed']],
  ['stays where its session is', [{ uid: 'u1', server: 'muxlet' }], []],
])('an entry of the inventory without an object %s', async (_, sessions, expected) => {
  const { worker, steps } = newProject({
    desired: { type: 'Absent', confirmed: true },
    inventory: { uid: 'u1', server: 'muxlet', agents: {} },
    sessions,
  });
  expect(await worker.work(KEY, 0)).toEqual({ type: 'Settled' });
  expect(steps).toEqual(expected);
});

test('what was asked of an object that was reset goes once the one in its place is on disk, with where work was kept', async () => {
  const metadata = { name: 'web', uid: 'u0', generation: 2, creationTimestamp: '2026-01-01T00:00:00.000Z' };
  const { worker, steps } = newProject({
    stored: { metadata: { ...metadata, finalizers: [] }, specHash: 'h1', status: DECISION.status },
    decision: { ...DECISION, actions: [], finished: true },
    overlay: { [OVERLAY.reset]: 'u0' },
  });
  await worker.work(KEY, 0);
  const from = steps.findIndex((step) => step.startsWith('object'));
  expect(steps.slice(from)).toEqual([
    'object, hash h1, generation 1, Pending',
    'inventory removed',
    'recorded: project/web',
    'end recorded',
  ]);
});

const METADATA = {
  name: 'web',
  uid: 'u1',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00.000Z',
  finalizers: [],
};
const SESSION = { server: 'muxlet.1', id: '$1', name: 'web' };

test.each([
  { what: 'with a session', status: { ...DECISION.status, session: SESSION }, moves: false },
  {
    what: 'whose session is seen',
    status: DECISION.status,
    sessions: [{ uid: 'u1', server: 'muxlet.1' }],
    moves: false,
  },
  { what: 'that cannot be seen', status: DECISION.status, unseen: true, moves: false },
  { what: 'of which nothing is there', status: DECISION.status, moves: true },
])('a project $what is placed anew: $moves', async ({ status, moves, ...seen }) => {
  const { worker, steps } = newProject({
    ...seen,
    stored: { metadata: METADATA, specHash: 'h1', status },
    inventory: { uid: 'u1', server: 'muxlet.1', agents: {} },
    place: 'muxlet.2',
  });
  await worker.work(KEY, 0);
  expect(steps.filter((step) => step.startsWith('inventory'))).toEqual(moves ? ['inventory: muxlet.2'] : []);
});

test('what was given another server is not made there before that is on disk', async () => {
  const scene = {
    stored: { metadata: METADATA, specHash: 'h1', status: DECISION.status },
    inventory: { uid: 'u1', server: 'muxlet.1', agents: {} },
    place: 'muxlet.2',
  };
  const stuck = newProject({ ...scene, isWritable: false });
  expect(await stuck.worker.work(KEY, 0)).toEqual({ type: 'LookAgain', inMs: 1000 });
  expect(stuck.steps).not.toContain('CreateSession');
  const { worker, steps } = newProject(scene);
  await worker.work(KEY, 0);
  expect(steps).toContain('CreateSession');
});
