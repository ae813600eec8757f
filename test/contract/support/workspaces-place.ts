import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkTreesRequest } from '../../../controller/api/work-trees-request.ts';
import type { DesiredWorkspace, WorkspaceLook } from '../../../controller/api/workspace.ts';
import { systemClock } from '../../../controller/exec/clock.ts';
import { createSecrets } from '../../../controller/observe/secrets.ts';
import type { WorkTreeKeeper } from '../../../controller/runtime/workspaces/keeper.ts';
import { createWorkspaces } from '../../../controller/wiring/workspaces.ts';
import { type GitPlace, makeGitPlace } from './git-place.ts';

/** A repository, and what makes and releases work trees in it as a controller would. */
export interface WorkspacesPlace extends GitPlace {
  readonly state: string;
  readonly keeper: WorkTreeKeeper;
  /** Where an agent's work tree stands. */
  tree(agent: string): string;
  /** A request for these agents' work trees, with whatever else is asked of the workspace. */
  request(agents: readonly string[], more?: Partial<DesiredWorkspace>): WorkTreesRequest;
  /** The same project, as it is to go. */
  leaving(request: WorkTreesRequest, release?: 'Removed' | 'Reset'): WorkTreesRequest;
  /** Has the keeper work until the look is as wanted. */
  have(
    request: WorkTreesRequest,
    wanted: (look: WorkspaceLook) => boolean,
    keeper?: WorkTreeKeeper,
  ): Promise<WorkspaceLook>;
  /** Until every work tree is Ready. */
  ready(request: WorkTreesRequest, keeper?: WorkTreeKeeper): Promise<WorkspaceLook>;
  /** Until all are released, or what holds them is told. */
  released(request: WorkTreesRequest, keeper?: WorkTreeKeeper): Promise<WorkspaceLook>;
  /** Another life of the controller. */
  controller(): WorkTreeKeeper;
  close(): Promise<void>;
}

/** @param name the repository's folder within the place, where it is another than its own */
export function makeWorkspacesPlace(name = 'repo'): WorkspacesPlace {
  const place = makeGitPlace();
  const state = join(place.root, 'state');
  const path = join(place.root, name);
  const root = `${path}.worktrees/shop`;
  const env = { PATH: process.env['PATH'], HOME: place.root };
  const keepers: WorkTreeKeeper[] = [];

  function controller(): WorkTreeKeeper {
    const keeper = createWorkspaces({
      state,
      env,
      secrets: createSecrets(env),
      clock: systemClock,
      mayAct: () => Promise.resolve(true),
      onChange: () => undefined,
      onError: (error) => {
        throw error;
      },
    });
    keepers.push(keeper);
    return keeper;
  }

  const first = controller();
  const have: WorkspacesPlace['have'] = async (request, wanted, keeper = first) => {
    keeper.want(request);
    const end = Date.now() + 15_000;
    for (;;) {
      const look = keeper.look(request.uid);
      if (look !== undefined && wanted(look)) return look;
      if (Date.now() > end) throw new Error(`it does not come to that: ${JSON.stringify(look, replaceMaps)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return {
    ...place,
    state,
    keeper: first,
    tree: (agent) => join(root, agent),
    request(agents, more = {}) {
      const workspace: DesiredWorkspace = {
        repo: { type: 'Local', path },
        policy: 'PerAgent',
        root,
        files: [],
        remindAfterMs: 0,
        onDelete: 'Keep',
        ...more,
      };
      return {
        project: 'shop',
        uid: createHash('sha256').update(place.root).digest('hex').slice(0, 16),
        attempt: 1,
        workspace,
        trees: agents.map((agent) => ({
          name: agent,
          agents: [agent],
          path: `${workspace.root}/${agent}`,
          branch: `muxlet/shop/${agent}`,
          env: [],
        })),
        agents,
        places: [{ repository: workspace.repo.path, root: workspace.root, onDelete: workspace.onDelete }],
      };
    },
    leaving: ({ workspace: _workspace, ...request }, release = 'Removed') => ({
      ...request,
      trees: [],
      agents: [],
      release,
    }),
    have,
    ready: (request, keeper) =>
      have(request, ({ trees }) => [...trees.values()].every(({ state: is }) => is === 'Ready'), keeper),
    released: (request, keeper) => have(request, ({ released, held }) => released || held !== undefined, keeper),
    controller,
    async close() {
      await Promise.all(keepers.map((keeper) => keeper.close()));
      place.remove();
    },
  };
}

function replaceMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** Changes what git's mark of a work tree says, as an end in the middle of something leaves it. */
export function remark(adminDir: string, change: Readonly<Record<string, unknown>>): void {
  const file = join(adminDir, 'muxlet.json');
  const mark = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...mark, ...change }));
}
