import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Admission, NOT_QUEUED } from '../../../../controller/api/admission.ts';
import type { Decision } from '../../../../controller/api/decision.ts';
import type { DesiredProject } from '../../../../controller/api/desired.ts';
import type { WorkTreeStatus } from '../../../../controller/api/generated/all.ts';
import { hashOf } from '../../../../controller/api/metadata.ts';
import type { WorkspaceLook } from '../../../../controller/api/workspace.ts';
import { PHASES_AFTER } from '../../../../controller/reconcile/project/phase.ts';
import { treeObstacles } from '../../../../controller/reconcile/project/tree-obstacles.ts';
import { placesOf } from '../../../../controller/reconcile/project/work-trees.ts';
import { projectOf, type SmallWorld, smallWorld, step } from './small-world.ts';

type State = WorkTreeStatus['state'];
type States = Readonly<Record<'a' | 'b', State>>;

const WAITING: Admission = { type: 'Waiting', reason: 'SlotsTaken', message: 'all slots are taken' };
const ROOT = '/src/app.worktrees/web';
const treeOf = (name: string) => ({ path: `${ROOT}/${name}`, branch: `muxlet/web/${name}` });

/** A small world whose agents have work trees. */
function worldOfTrees(): SmallWorld {
  const world = smallWorld();
  const agents = projectOf(world).agents.map((agent) => ({ ...agent, workTree: treeOf(agent.name) }));
  const workspace = {
    repo: { type: 'Local', path: '/src/app' },
    policy: 'PerAgent',
    root: ROOT,
    files: [],
    remindAfterMs: 0,
    onDelete: 'Keep',
  } as const satisfies DesiredProject['workspace'];
  world.extra = { workspace, agents };
  return world;
}

/** What the keeper says of the work trees, and what follows for who is to be started. */
function sees(world: SmallWorld, states: States, asked?: string): void {
  const status = (name: 'a' | 'b'): WorkTreeStatus => ({
    ...treeOf(name),
    state: states[name],
    ...(states[name] === 'Failed' && { reason: 'WorkTreeForeign', message: `${name} is a folder` }),
  });
  const workspace: WorkspaceLook = {
    trees: new Map([
      ['a', status('a')],
      ['b', status('b')],
    ]),
    kept: [],
    released: false,
    base: 'c0',
    ...(asked !== undefined && { asked }),
  };
  world.seen = { workspace, obstacles: treeObstacles(world.extra.agents ?? [], workspace) };
}

function requestIn({ actions }: Decision) {
  return actions.flatMap((action) => (action.type === 'ArrangeWorkTrees' ? [action.request] : []))[0];
}

const conditionOf = ({ status }: Decision, type: string) => status.conditions.find((one) => one.type === type);

test('where work trees stood before, what the spec says now becomes of them', () => {
  const world = worldOfTrees();
  const { workspace } = projectOf(world);
  const before = { repository: '/src/app', root: '/elsewhere/web', onDelete: 'Discard' } as const;
  const project = { ...projectOf(world), ...(workspace !== undefined && { workspace }) };
  expect(placesOf({ desired: { type: 'Present', project, confirmed: true }, places: [before] })).toEqual([
    { ...before, onDelete: 'Keep' },
    { repository: '/src/app', root: ROOT, onDelete: 'Keep' },
  ]);
});

test('work trees are asked for once, and nobody is started before they are ready', () => {
  const world = worldOfTrees();
  sees(world, { a: 'Pending', b: 'Pending' });
  const first = step(world, 10);
  const request = requestIn(first);
  expect(request?.trees.map(({ name, path }) => [name, path])).toEqual([
    ['a', `${ROOT}/a`],
    ['b', `${ROOT}/b`],
  ]);
  const asked = hashOf(request);
  for (const [states, reason] of [
    [{ a: 'Preparing', b: 'Pending' }, 'WorkTreePreparing'],
    [{ a: 'SettingUp', b: 'Preparing' }, 'SettingUp'],
  ] as const) {
    sees(world, states, asked);
    const decision = step(world, 10);
    expect(decision.actions).toEqual([]);
    expect(decision.status.phase).toBe('SettingUp');
    expect(conditionOf(decision, 'WorkspaceReady')).toMatchObject({ status: 'False', reason });
    expect(conditionOf(decision, 'Stalled')?.status).toBe('False');
    expect(decision.claim).toBe('Wants');
  }
  sees(world, { a: 'Ready', b: 'Ready' }, asked);
  expect(step(world, 10).actions.map(({ type }) => type)).toEqual(['CreateSession']);
  const up = step(world, 10);
  expect(up.status).toMatchObject({ phase: 'Running', base: 'c0' });
  expect(up.status.agents.map(({ workTree }) => workTree?.state)).toEqual(['Ready', 'Ready']);
  expect(conditionOf(up, 'WorkspaceReady')?.status).toBe('True');
});

test('what is found as it was is not told of again; what was made anew is', () => {
  const world = worldOfTrees();
  const told = (states: States) => {
    sees(world, states);
    return step(world, 10).events.filter(({ reason }) => reason === 'WorkTreeMade').length;
  };
  expect([told({ a: 'Pending', b: 'Pending' }), told({ a: 'Ready', b: 'Ready' })]).toEqual([0, 2]);
  // A controller that comes after this one.
  expect([told({ a: 'Pending', b: 'Pending' }), told({ a: 'Ready', b: 'Preparing' })]).toEqual([0, 0]);
  expect(told({ a: 'Ready', b: 'Ready' })).toBe(1);
});

test('[S17] one whose work tree failed says why, and the others are started', () => {
  const world = worldOfTrees();
  sees(world, { a: 'Ready', b: 'Failed' });
  const decision = step(world, 10);
  expect(decision.events.map(({ reason }) => reason)).toContain('WorkTreeForeign');
  const again = step(world, 10);
  expect(again.status.agents.map(({ name, state, reason }) => [name, state, reason])).toEqual([
    ['a', 'Busy', undefined],
    ['b', 'Pending', 'WorkTreeForeign'],
  ]);
  expect(conditionOf(again, 'Stalled')).toMatchObject({ status: 'True', reason: 'WorkTreeForeign' });
  expect(again.events.map(({ reason }) => reason)).not.toContain('WorkTreeForeign');
});

test('nothing is made for a project that waits, and what failed is tried again for it', () => {
  const world = worldOfTrees();
  world.admission = WAITING;
  sees(world, { a: 'Pending', b: 'Pending' });
  expect(requestIn(step(world, 10))?.trees).toEqual([]);
  sees(world, { a: 'Failed', b: 'Failed' });
  expect(requestIn(step(world, 10))?.trees).toHaveLength(2);
});

test('whatever becomes of the work trees, phases follow one another as their table says', () => {
  const state = fc.constantFrom<State>('Pending', 'Preparing', 'SettingUp', 'Ready', 'Failed');
  const moment = fc.record({ a: state, b: state, waits: fc.boolean(), isHeld: fc.boolean(), isVisible: fc.boolean() });
  fc.assert(
    fc.property(fc.array(moment, { minLength: 2, maxLength: 20 }), (moments) => {
      const world = worldOfTrees();
      for (const { a, b, waits, isHeld, isVisible } of moments) {
        Object.assign(world, { admission: waits ? WAITING : NOT_QUEUED, isHeld, isVisible });
        sees(world, { a, b });
        const before = world.status?.phase;
        const { phase } = step(world, 1000).status;
        if (before !== undefined && before !== phase) expect(PHASES_AFTER[before]).toContain(phase);
      }
    }),
    { numRuns: 200 },
  );
});
