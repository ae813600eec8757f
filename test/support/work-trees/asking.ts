import type { WorkTreesRequest } from '../../../controller/api/work-trees-request.ts';
import type { DesiredWorkspace, WorkspaceLook } from '../../../controller/api/workspace.ts';
import type { WorkTreeKeeper } from '../../../controller/runtime/workspaces/keeper.ts';

/** How a project asks for its work trees, and waits for them. */
export interface Asking {
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

/** @param path the repository; its work trees stand beside it */
export function asking(path: string, controller: () => WorkTreeKeeper): Asking {
  const root = `${path}.worktrees/shop`;
  const keepers: WorkTreeKeeper[] = [];
  const another = (): WorkTreeKeeper => {
    const keeper = controller();
    keepers.push(keeper);
    return keeper;
  };
  const first = another();
  const have: Asking['have'] = async (request, wanted, keeper = first) => {
    keeper.want(request);
    const end = Date.now() + 15_000;
    for (;;) {
      const look = keeper.look(request.uid);
      if (look !== undefined && wanted(look)) return look;
      if (Date.now() > end) throw new Error(`it does not come to that: ${JSON.stringify(look, withoutMaps)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    keeper: first,
    tree: (agent) => `${root}/${agent}`,
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
        uid: `uid-of-${path}`,
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
    controller: another,
    async close() {
      await Promise.all(keepers.map((keeper) => keeper.close()));
    },
  };
}

function withoutMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
