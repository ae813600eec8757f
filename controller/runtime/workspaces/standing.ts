import { isDeepStrictEqual } from 'node:util';
import type { KeptWork, WorkTreeStatus } from '../../api/generated/all.ts';
import type { WantedTree, WorkTreesRequest } from '../../api/work-trees-request.ts';
import type { WorkspaceLook } from '../../api/workspace.ts';

/** How one project's work trees stand, and what is under way for them. */
export interface Standing {
  readonly request: WorkTreesRequest;
  readonly asked: string | undefined;
  /** Work on work trees, by their paths. */
  readonly tasks: Map<string, { readonly end: () => void; readonly over: Promise<void> }>;
  /** The walk that goes on. */
  walk: Promise<void> | undefined;
  /** Another walk is to follow. */
  isWanted: boolean;
  /** Something of the last walk is to be tried again. */
  failed: boolean;
  base: string | undefined;
  held: string | undefined;
  released: boolean;
  /** The agents whose work trees stayed when it was last looked for those that are to go. */
  staying: string | undefined;
  /** The attempt for which the clone was last brought up to date. */
  fetchedFor: number | undefined;
  cancelRetry: () => void;
  /** Ends a clone or a fetch that is under way. */
  endReaching: () => void;
  take(request: WorkTreesRequest, asked: string): void;
  say(wanted: WantedTree, status: WorkTreeStatus): void;
  keep(kept: readonly KeptWork[]): void;
  stateOf(wanted: WantedTree): WorkTreeStatus['state'] | undefined;
  /** It is wanted, and what was done for it was broken off. */
  isStale(wanted: WantedTree): boolean;
  look(): WorkspaceLook;
}

export function createStanding(first: WorkTreesRequest): Standing {
  const trees = new Map<string, WorkTreeStatus>();
  let request = first;
  let asked: string | undefined;
  let kept: readonly KeptWork[] = [];
  const standing: Standing = {
    get request() {
      return request;
    },
    get asked() {
      return asked;
    },
    tasks: new Map(),
    walk: undefined,
    isWanted: false,
    failed: false,
    base: undefined,
    held: undefined,
    released: false,
    staying: undefined,
    fetchedFor: undefined,
    cancelRetry: () => undefined,
    endReaching: () => undefined,
    take(wanted, hash) {
      request = wanted;
      asked = hash;
      standing.released = false;
      // Those of another place, and those of agents that are gone, are no news of what is wanted now.
      const paths = new Set(wanted.trees.map(({ path }) => path));
      for (const path of trees.keys()) if (!paths.has(path)) trees.delete(path);
    },
    say(wanted, status) {
      trees.set(wanted.path, status);
    },
    keep(found) {
      const news = found.filter((one) => !kept.some((known) => isDeepStrictEqual(known, one)));
      kept = [...kept, ...news].slice(-100);
    },
    stateOf: ({ path }) => trees.get(path)?.state,
    isStale: ({ path }) => trees.get(path)?.state === 'Pending' && request.trees.some((wanted) => wanted.path === path),
    look() {
      const { base, held, released } = standing;
      const statuses = request.trees.flatMap(({ path, branch, agents }) => {
        const status = trees.get(path) ?? { path, branch, state: 'Pending' as const };
        return agents.map((agent): [string, WorkTreeStatus] => [agent, status]);
      });
      return {
        ...(asked !== undefined && { asked }),
        trees: new Map(statuses),
        kept,
        released,
        ...(base !== undefined && { base }),
        ...(held !== undefined && { held }),
      };
    },
  };
  return standing;
}
