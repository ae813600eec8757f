import { describe, expect, test } from 'vitest';
import type { WorkTreeStatus } from '../../../controller/api/generated/all.ts';
import type { StoredObject } from '../../../controller/api/metadata.ts';
import type { Ownership, World, WorldRepository, WorldTree } from '../../../controller/api/world.ts';
import { audit } from '../../../controller/reconcile/leftovers/audit.ts';
import { keptWork } from '../../../controller/reconcile/leftovers/kept-work.ts';

const tree = (more: Partial<WorldTree> = {}): WorldTree => ({
  path: '/trees/web/dev',
  isThere: true,
  branch: 'muxlet/web/dev',
  project: 'web',
  tree: 'dev',
  ownership: 'Ours',
  isHeld: true,
  ...more,
});

function rebasing(underWay: string): WorldTree {
  const { branch: _, ...detached } = tree();
  return { ...detached, underWay };
}

interface Seen {
  readonly trees?: readonly WorldTree[];
  readonly refs?: readonly string[];
  readonly claims?: Readonly<Record<string, Ownership>>;
}

function repository({ trees = [], refs = [], claims = {} }: Seen): WorldRepository {
  const value = { trees, refs: new Map(refs.map((ref) => [ref, 'c1'])), claims: new Map(Object.entries(claims)) };
  return { path: '/src/app', look: { state: 'Known', at: 0, value } };
}

function object(workTree: WorkTreeStatus): StoredObject {
  const agent = {
    name: 'dev',
    uid: 'a',
    class: 'shell',
    state: 'Idle',
    ready: true,
    restarts: 0,
    failures: 0,
  } as const;
  const status = { observedGeneration: 1, phase: 'Running' as const, conditions: [], agents: [{ ...agent, workTree }] };
  const metadata = {
    name: 'web',
    uid: 'u',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00.000Z',
    finalizers: [],
  };
  return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata, specHash: 'h', status };
}

const RECORD = object({ path: '/link/web/dev', branch: 'muxlet/web/dev', state: 'Ready' });

function world(repositories: readonly WorldRepository[], objects: readonly StoredObject[] = [RECORD]): World {
  return {
    wanted: new Map(objects.map(({ metadata }) => [metadata.name, { specHash: 'h', endsSession: false }])),
    specsUnsure: false,
    objects,
    inventory: new Map(),
    tmux: { state: 'Known', at: 0, value: { sessions: [], panes: [] } },
    processes: { state: 'Known', at: 0, value: [] },
    repositories,
    realPaths: new Map([['/link/web/dev', '/trees/web/dev']]),
  };
}

const found = (...of: Parameters<typeof world>) => audit(world(...of)).map(({ type, object: one }) => `${type} ${one}`);

describe('an audit of repositories', () => {
  const ALL = { trees: [tree()], refs: ['refs/muxlet/base/web', 'refs/muxlet/owner/web', 'refs/heads/muxlet/web/dev'] };

  test.each<[string, Parameters<typeof world>, string[]]>([
    ['finds nothing where all is as it is on record', [[repository(ALL)]], []],
    ['finds a work tree that git does not know', [[repository({})]], ['MissingWorkTree agent/web.dev']],
    ['finds a repository gone', [[]], ['MissingWorkTree agent/web.dev']],
    ['finds a folder gone', [[repository({ trees: [tree({ isThere: false })] })]], ['MissingWorkTree agent/web.dev']],
    ['leaves alone a branch that is rebased', [[repository({ trees: [rebasing('muxlet/web/dev')] })]], []],
    ['finds another branch rebased', [[repository({ trees: [rebasing('mine')] })]], ['BranchMoved agent/web.dev']],
    ['finds a branch moved away', [[repository({ trees: [tree({ branch: 'mine' })] })]], ['BranchMoved agent/web.dev']],
    [
      'finds what bears our mark and is of no object',
      [[repository(ALL)], []],
      ['OrphanWorkTree project/web', 'OrphanRef project/web'],
    ],
    [
      'finds references of no object, unless branches need them or they are another’s',
      [[repository({ refs: ['refs/muxlet/base/web', 'refs/muxlet/published/api/c1'], claims: { api: 'Others' } })], []],
      ['OrphanRef project/web'],
    ],
    ['leaves alone what is left to a person', [[repository({ trees: [tree({ isHeld: false })] })], []], []],
    ['leaves alone what is another controller’s', [[repository({ trees: [tree({ ownership: 'Others' })] })], []], []],
  ])('%s', (_title, of, expected) => {
    expect(found(...of)).toEqual(expected);
  });

  test('says nothing of what may be in a repository that cannot be looked at', () => {
    const look = { state: 'Unknown', at: 0, reason: 'RepositoryUnreachable', message: 'git took too long' } as const;
    expect(found([{ path: '/src/app', look }])).toEqual(['NotLooked -']);
  });

  test('says nothing of what may be wanted by a spec that cannot be read', () => {
    expect(audit({ ...world([repository(ALL)], []), specsUnsure: true }).map(({ type }) => type)).toEqual([
      'NotLooked',
    ]);
  });
});

describe('kept work', () => {
  const kept = (...of: Parameters<typeof world>) =>
    keptWork(world(...of)).map(({ where, tree: agent }) => [agent, where]);

  test('is what was saved, also of a project that is there', () => {
    const name = 'refs/muxlet/kept/web/dev/20260102T030405-000Z';
    const refs = [name, 'refs/muxlet/base/web', 'refs/heads/muxlet/web/dev'];
    expect(kept([repository({ trees: [tree()], refs })])).toEqual([['dev', { type: 'Ref', name }]]);
  });

  test('is what was left of a project that is gone: its branches, and work trees that are free', () => {
    const trees = [tree({ isHeld: false, branch: 'muxlet/web/dev' })];
    const refs = ['refs/heads/muxlet/web/dev', 'refs/heads/muxlet/web/ops'];
    expect(kept([repository({ trees, refs })], [])).toEqual([
      ['dev', { type: 'WorkTree', path: '/trees/web/dev' }],
      ['ops', { type: 'Branch', name: 'muxlet/web/ops' }],
    ]);
  });

  test('is nothing that somebody uses', () => {
    // A person has unlocked what an agent works in.
    expect(kept([repository({ trees: [tree({ isHeld: false })] })])).toEqual([]);
    const claims = { web: 'Others' } as const;
    expect(kept([repository({ refs: ['refs/heads/muxlet/web/dev'], claims })], [])).toEqual([]);
  });
});

test('what an audit offers to type is quoted for a shell', () => {
  const [mismatch] = audit(world([{ ...repository({ refs: ['refs/muxlet/owner/web'] }), path: '/my src/app' }], []));
  expect(mismatch?.message).toContain("git -C '/my src/app' update-ref -d refs/muxlet/owner/web");
});
