import type { DesiredEnv } from './desired.ts';
import type { DesiredWorkspace } from './workspace.ts';

/** Where work trees of a project are or were: on record before the first one is made, until none is left. */
export interface WorkspacePlace {
  /** The repository, as the spec names it, or the clone. */
  readonly repository: string;
  readonly root: string;
  readonly onDelete: DesiredWorkspace['onDelete'];
}

/** One work tree that is to be there. */
export interface WantedTree {
  /** Its agent's name, or `shared`. */
  readonly name: string;
  readonly agents: readonly string[];
  readonly path: string;
  readonly branch: string;
  /** What its set-up command is given beside the controller's own environment. */
  readonly env: readonly DesiredEnv[];
}

/** How a project wants its work trees to be. Asking again for the same changes nothing. */
export interface WorkTreesRequest {
  readonly project: string;
  readonly uid: string;
  /** A clone of ours is brought up to date when an attempt begins. */
  readonly attempt: number;
  /** Absent: it has none any more. */
  readonly workspace?: DesiredWorkspace;
  /** To be made, as far as they are not there; empty while nothing may begin. */
  readonly trees: readonly WantedTree[];
  /** Names of the agents whose work trees stay; those of others are released. */
  readonly agents: readonly string[];
  readonly places: readonly WorkspacePlace[];
  /** All are released. Reset: what is made next begins anew, so branches give up their names as well. */
  readonly release?: 'Removed' | 'Reset';
}
