import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WorkTreesRequest } from '../../controller/api/work-trees-request.ts';
import type { WorkspaceLook } from '../../controller/api/workspace.ts';
import { systemClock } from '../../controller/exec/clock.ts';
import { createSecrets } from '../../controller/observe/secrets.ts';
import type { WorkTreeKeeper } from '../../controller/runtime/workspaces/keeper.ts';
import { createWorkspaces } from '../../controller/wiring/workspaces.ts';
import { makeRepository, type Repository } from '../e2e/git/repository.ts';

let root = '';
let repository: Repository;
const open: WorkTreeKeeper[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-trees-'));
  repository = await makeRepository(join(root, 'shop'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((keeper) => keeper.close()));
  rmSync(root, { recursive: true, force: true });
});

/** A controller with a state directory of its own, as far as work trees go. */
function controller(name: string) {
  const state = join(root, name);
  mkdirSync(state, { recursive: true });
  const errors: unknown[] = [];
  const keeper = createWorkspaces({
    state,
    env: {},
    secrets: createSecrets({}),
    clock: systemClock,
    mayAct: () => Promise.resolve(true),
    onChange: () => undefined,
    onError: (error) => errors.push(error),
  });
  open.push(keeper);
  const place = { repository: repository.path, root: join(state, 'worktrees', 'web'), onDelete: 'Keep' } as const;
  const request = (agents: readonly string[], release?: 'Removed'): WorkTreesRequest => ({
    project: 'web',
    uid: `uid-of-${name}`,
    attempt: 1,
    ...(release === undefined && {
      workspace: {
        repo: { type: 'Local', path: repository.path },
        policy: 'PerAgent',
        root: place.root,
        files: [],
        remindAfterMs: 0,
        onDelete: 'Keep',
      },
    }),
    trees: agents.map((agent) => ({
      name: agent,
      agents: [agent],
      path: join(place.root, agent),
      branch: `muxlet/web/${agent}`,
      env: [],
    })),
    agents,
    places: [place],
    ...(release !== undefined && { release }),
  });
  return {
    state,
    place,
    errors,
    keeper,
    async want(agents: readonly string[], until: (look: WorkspaceLook) => boolean, release?: 'Removed') {
      const asked = request(agents, release);
      keeper.want(asked);
      for (const end = Date.now() + 20_000; ; ) {
        const look = keeper.look(asked.uid);
        if (look !== undefined && until(look)) return look;
        if (Date.now() > end) throw new Error(`never so: ${JSON.stringify([look, [...(look?.trees ?? [])]])}`);
        await new Promise((resolve) => systemClock.after(20, () => resolve(undefined)));
      }
    },
  };
}

const areAll =
  (state: string) =>
  ({ trees }: WorkspaceLook): boolean =>
    trees.size > 0 && [...trees.values()].every((tree) => tree.state === state);
const NOTHING: WorkspaceLook = { trees: new Map(), kept: [], released: false };
const isReleased = ({ released }: WorkspaceLook): boolean => released;
const refs = async (): Promise<string[]> =>
  (await repository.git(['for-each-ref', '--format=%(refname)', 'refs/muxlet', 'refs/heads/muxlet'])).split('\n');

test('[S155] of two controllers with a project of one name the second is refused, and touches nothing of the first', async () => {
  const first = controller('one');
  const second = controller('two');
  await first.want(['dev'], areAll('Ready'));
  const before = await refs();
  expect(before).toEqual(['refs/heads/muxlet/web/dev', 'refs/muxlet/base/web', 'refs/muxlet/owner/web']);
  // Neither agent nor folder is the same: only the name of the project is.
  const { trees } = await second.want(['ops'], areAll('Failed'));
  expect(trees.get('ops')).toMatchObject({
    reason: 'BranchesForeign',
    message: expect.stringContaining(first.state),
  });
  const { kept } = await second.want([], isReleased, 'Removed');
  expect(kept).toEqual([]);
  expect(await refs()).toEqual(before);
  // Whoever has the name next goes on.
  await first.want([], isReleased, 'Removed');
  expect((await refs()).filter((ref) => ref.includes('/owner/'))).toEqual([]);
  await second.want(['ops'], areAll('Ready'));
  expect(await refs()).toContain('refs/heads/muxlet/web/ops');
});

test('a controller whose state directory was moved goes on with what is its own', async () => {
  const first = controller('one');
  await first.want(['dev'], areAll('Ready'));
  await first.keeper.close();
  rmSync(first.state, { recursive: true });
  const second = controller('two');
  await second.want(['dev'], areAll('Ready'));
  expect(await repository.git(['cat-file', '-p', 'refs/muxlet/owner/web'])).toContain('uid-of-two');
});

test('at once, one of the two has it', async () => {
  const both = [controller('one'), controller('two')];
  const looks = await Promise.all(
    both.map((one, index) =>
      one.want([`a${index}`], (look) => {
        const [tree] = look.trees.values();
        return tree?.state === 'Ready' || tree?.reason === 'BranchesForeign';
      }),
    ),
  );
  const states = looks.map((look) => [...look.trees.values()][0]?.state);
  expect(new Set(states)).toEqual(new Set(['Failed', 'Ready']));
});

test('what was made before claims were written down is its controller’s', async () => {
  const first = controller('one');
  await first.want(['dev'], areAll('Ready'));
  await repository.git(['update-ref', '-d', 'refs/muxlet/owner/web']);
  const second = controller('two');
  const { trees } = await second.want(['ops'], areAll('Failed'));
  expect(trees.get('ops')?.reason).toBe('BranchesForeign');
});

test('[S151] of a folder that is gone, what was staged is saved before git forgets it', async () => {
  const one = controller('one');
  await one.want(['dev', 'ops'], areAll('Ready'));
  const [dev, ops] = ['dev', 'ops'].map((agent) => join(one.place.root, agent));
  if (dev === undefined || ops === undefined) throw new Error('no work trees');
  writeFileSync(join(dev, 'new.txt'), 'staged\n');
  await repository.git(['add', 'new.txt'], dev);
  for (const tree of [dev, ops]) rmSync(tree, { recursive: true });
  const { kept } = await one.want([], isReleased, 'Removed');
  expect(kept).toMatchObject([{ agent: 'dev', message: expect.stringContaining('what was staged') }]);
  expect(await repository.git(['show', `${kept[0]?.ref}:new.txt`])).toBe('staged');
  expect(await repository.git(['worktree', 'list'])).not.toContain('dev');
});

test('a clone goes with its last project, unless there is something in it that is nowhere else', async () => {
  const { keeper, state } = controller('one');
  const path = join(state, 'repositories', 'shop');
  const ask = async (project: string, release?: 'Removed') => {
    const root = join(state, 'worktrees', project);
    const repo = { type: 'Remote', url: repository.path, path } as const;
    const workspace = { repo, policy: 'PerAgent', root, files: [], remindAfterMs: 0, onDelete: 'Save' } as const;
    const tree = { name: 'dev', agents: ['dev'], path: join(root, 'dev'), branch: `muxlet/${project}/dev`, env: [] };
    keeper.want({
      project,
      uid: project,
      attempt: 1,
      ...(release === undefined ? { workspace } : { release }),
      trees: release === undefined ? [tree] : [],
      agents: release === undefined ? ['dev'] : [],
      places: [{ repository: path, root, onDelete: 'Save' }],
    });
    const isSo = release === undefined ? areAll('Ready') : isReleased;
    await vi.waitFor(() => expect(isSo(keeper.look(project) ?? NOTHING)).toBe(true), { timeout: 20_000 });
    if (release !== undefined) keeper.forget(project);
    return tree.path;
  };
  await Promise.all([ask('web'), ask('api')]);
  await ask('web', 'Removed');
  expect(existsSync(path)).toBe(true);
  await ask('api', 'Removed');
  await vi.waitFor(() => expect(existsSync(path)).toBe(false));
  await repository.commit(await ask('web'), 'new', 'nowhere else');
  await ask('web', 'Removed');
  await keeper.close();
  expect(await repository.git(['for-each-ref', '--format=%(refname)', 'refs/heads/muxlet'], path)).toBe(
    'refs/heads/muxlet/web/dev',
  );
});
