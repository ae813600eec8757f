import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import type { Ownership, World, WorldPane, WorldProcess, WorldSession } from '../../../controller/api/world.ts';
import { audit } from '../../../controller/reconcile/leftovers/audit.ts';
import { findLeftovers } from '../../../controller/reconcile/leftovers/find-leftovers.ts';

function session(uid: string, more: Partial<WorldSession> = {}): WorldSession {
  return { server: 's', id: `$${uid}`, name: 'web', uid, project: 'web', ownership: 'Ours', ...more };
}

function pane(uid: string, run: string, more: Partial<WorldPane> = {}): WorldPane {
  const mark = { uid, project: 'web', agent: 'dev', hash: 'h', run };
  return { server: 's', sessionId: `$${uid}`, id: `%${run}`, pid: 7, dead: false, mark, ...more };
}

function process(uid: string, run: string, more: Partial<WorldProcess> = {}): WorldProcess {
  const own = { pid: 7, startTime: '1', command: 'sleep', ownership: 'Ours' as const };
  return { ...own, uid, run, agent: 'dev', project: 'web', ...more };
}

function object(name: string, uid: string, more: Partial<StoredObject['status']> = {}): StoredObject {
  const status = { observedGeneration: 1, phase: 'Running' as const, conditions: [], agents: [], ...more };
  const metadata = { name, uid, generation: 1, creationTimestamp: '2026-01-01T00:00:00.000Z', finalizers: [] };
  return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata, specHash: 'h', status };
}

interface Things {
  readonly wanted?: readonly string[];
  readonly objects?: readonly StoredObject[];
  readonly inventory?: Readonly<Record<string, string>>;
  readonly sessions?: readonly WorldSession[];
  readonly panes?: readonly WorldPane[];
  readonly processes?: readonly WorldProcess[];
  readonly specsUnsure?: boolean;
  readonly endsSession?: boolean;
}

function world(things: Things): World {
  const { wanted = [], objects = [], inventory = {}, sessions = [], panes = [], processes = [] } = things;
  return {
    wanted: new Map(wanted.map((name) => [name, { specHash: 'h', endsSession: things.endsSession ?? false }])),
    specsUnsure: things.specsUnsure ?? false,
    objects,
    inventory: new Map(Object.entries(inventory)),
    tmux: { state: 'Known', at: 0, value: { sessions, panes } },
    processes: { state: 'Known', at: 0, value: processes },
  };
}

const kinds = (things: Things) => findLeftovers(world(things)).map(({ type, uid }) => `${type} ${uid}`);
const mismatches = (things: Things) => audit(world(things)).map(({ type, object: of }) => `${type} ${of}`);

describe('an orphan', () => {
  const all = { sessions: [session('u')], panes: [pane('u', '5-a')], processes: [process('u', '5-a')] };

  test.each([
    ['has our mark and no object', all, ['Orphan u']],
    ['may be a session alone', { sessions: all.sessions }, ['Orphan u']],
    ['may be a process alone', { processes: all.processes }, ['Orphan u']],
    ['is none whose object is on record', { ...all, objects: [object('web', 'u')], wanted: ['web'] }, []],
    ['is none that the inventory knows', { ...all, inventory: { web: 'u' } }, []],
    ['is none that will be adopted', { ...all, wanted: ['web'] }, []],
    [
      'is one whose name another object bears',
      { ...all, objects: [object('web', 'v')], wanted: ['web'] },
      ['Orphan u'],
    ],
    [
      "is no process of another controller's elsewhere",
      { processes: [process('u', '5-a', { ownership: 'Others' }), process('w', '5-a', { ownership: 'Unknown' })] },
      [],
    ],
  ])('%s', (_, things, found) => {
    expect(kinds(things)).toEqual(found);
  });

  test('is as young as its youngest run, and of unknown age if one of them is', () => {
    const [known] = findLeftovers(world({ panes: [pane('u', '5000-a'), pane('u', '9000-b')] }));
    expect(known?.startedAt).toBe(9000);
    const [unknown] = findLeftovers(world({ panes: [pane('u', '5000-a'), pane('u', 'x')] }));
    expect(unknown?.startedAt).toBeUndefined();
    const [bare] = findLeftovers(world({ sessions: [session('u')] }));
    expect(bare?.startedAt).toBeUndefined();
  });

  test.each<[Ownership, Ownership, Ownership]>([
    ['Ours', 'Unknown', 'Ours'],
    ['Ours', 'Others', 'Others'],
    ['Unknown', 'Unknown', 'Unknown'],
  ])('of which parts are %s and %s is %s', (a, b, whole) => {
    const [found] = findLeftovers(
      world({ sessions: [session('u', { ownership: a })], processes: [process('u', '5-a', { ownership: b })] }),
    );
    expect(found?.ownership).toBe(whole);
  });
});

describe('of a project on record', () => {
  const known = { objects: [object('web', 'u')], wanted: ['web'], sessions: [session('u')] };

  test.each([
    [
      'processes of a run without a living pane are zombies',
      { ...known, processes: [process('u', '5-a')] },
      ['Zombie u'],
    ],
    [
      'so are those of a pane that is dead',
      { ...known, panes: [pane('u', '5-a', { dead: true })], processes: [process('u', '5-a')] },
      ['Zombie u'],
    ],
    ['those of a living one are none', { ...known, panes: [pane('u', '5-a')], processes: [process('u', '5-a')] }, []],
    [
      'a second session is left over',
      { ...known, sessions: [session('u'), session('u', { id: '$9' })] },
      ['LeftoverSession u'],
    ],
    ['a record without spec, session and process is a phantom', { objects: known.objects }, ['Phantom u']],
    ['but not while a spec cannot be read', { objects: known.objects, specsUnsure: true }, []],
  ])('%s', (_, things, found) => {
    expect(kinds(things)).toEqual(found);
  });

  test("of two sessions the one that the controller takes for the project's is not the one left over", () => {
    const sessions = [session('u', { id: '$9', name: 'copy' }), session('u', { id: '$1', name: 'web' })];
    const [left] = findLeftovers(world({ ...known, sessions }));
    expect(left?.sessions.map(({ id }) => id)).toEqual(['$9']);
  });

  test('its session is left over once its work is, where that was to end it', () => {
    const complete = {
      type: 'Complete',
      status: 'True',
      reason: 'Completed',
      message: '',
      observedGeneration: 1,
    } as const;
    const conditions = [{ ...complete, lastTransitionTime: '2026-01-01T00:00:00.000Z' }];
    const over = { ...known, objects: [object('web', 'u', { conditions })] };
    expect(kinds({ ...over, endsSession: true })).toEqual(['LeftoverSession u']);
    expect(kinds(over)).toEqual([]);
  });
});

test('[S47] where nobody could look, nothing is left over, and the audit says that nobody could', () => {
  const blind = { state: 'Unknown', at: 0, reason: 'TmuxUnreachable', message: 'no answer' } as const;
  const seen = world({ sessions: [session('u')], processes: [process('v', '5-a')] });
  expect(findLeftovers({ ...seen, tmux: blind })).toEqual([]);
  expect(findLeftovers({ ...seen, processes: blind })).toEqual([]);
  expect(audit({ ...seen, tmux: blind })).toEqual([{ type: 'NotLooked', object: '-', message: 'no answer' }]);
});

describe('the audit', () => {
  const agent = {
    name: 'dev',
    uid: 'a',
    class: 'shell',
    state: 'Busy',
    ready: true,
    restarts: 0,
    failures: 0,
  } as const;
  const runs = { objects: [object('web', 'u', { agents: [{ ...agent, pid: 7 }] })], wanted: ['web'] };

  test.each<[string, Things, readonly string[]]>([
    ['agrees', { ...runs, panes: [pane('u', '5-a')] }, []],
    ['misses a pane', runs, ['MissingPane agent/web.dev']],
    ['finds another process', { ...runs, panes: [pane('u', '5-a', { pid: 8 })] }, ['WrongProcess agent/web.dev']],
    [
      'finds an agent twice',
      { ...runs, panes: [pane('u', '5-a'), pane('u', '6-b')] },
      ['DuplicateAgent agent/web.dev'],
    ],
    [
      'finds an agent that is not on record',
      { ...runs, objects: [object('web', 'u')], panes: [pane('u', '5-a')] },
      ['Unrecorded agent/web.dev'],
    ],
    ['finds a spec that nobody took up', { wanted: ['web'] }, ['Unapplied project/web']],
    ['finds a delete that nobody confirmed', { inventory: { web: 'u' } }, ['UnconfirmedDelete project/web']],
    ['finds that a spec cannot be read', { specsUnsure: true }, ['NotLooked -']],
  ])('%s', (_, things, found) => {
    expect(mismatches(things)).toEqual(found);
  });
});

test('whatever there is: no uid that is on record is an orphan, and nothing is found in an empty world', () => {
  const uid = fc.constantFrom('u', 'v', 'w');
  const run = fc.constantFrom('5-a', '6-b', 'x', '');
  const ownership = fc.constantFrom<Ownership>('Ours', 'Others', 'Unknown');
  const arbitrary = fc.record({
    objects: fc.uniqueArray(uid).map((uids) => uids.map((one) => object(`p-${one}`, one))),
    wanted: fc.uniqueArray(uid.map((one) => `p-${one}`)),
    sessions: fc.array(
      fc.record({ uid, ownership }).map(({ uid: of, ownership: by }) => session(of, { ownership: by })),
    ),
    panes: fc.array(
      fc.record({ uid, run, dead: fc.boolean() }).map((one) => pane(one.uid, one.run, { dead: one.dead })),
    ),
    processes: fc.array(
      fc.record({ uid, run, ownership }).map((one) => process(one.uid, one.run, { ownership: one.ownership })),
    ),
  });
  fc.assert(
    fc.property(arbitrary, (things) => {
      const found = findLeftovers(world(things));
      const known = new Set(things.objects.map(({ metadata }) => metadata.uid));
      for (const { type, uid: of, processes } of found) {
        expect(type === 'Orphan').toBe(!known.has(of) && type !== 'Phantom');
        const living = new Set(things.panes.filter(({ dead }) => !dead).map(({ mark }) => `${mark.uid} ${mark.run}`));
        if (type === 'Zombie') expect(processes.every((one) => !living.has(`${one.uid} ${one.run}`))).toBe(true);
      }
    }),
  );
  expect(audit(world({}))).toEqual([]);
});
