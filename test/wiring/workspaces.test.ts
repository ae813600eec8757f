import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
