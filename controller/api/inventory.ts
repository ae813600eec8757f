import type { StopPolicy } from './desired.ts';
import type { WorkspacePlace } from './work-trees-request.ts';

/** What we created for a project and must clean up; written before anything is created, taken out when it is gone. */
export interface InventoryEntry {
  readonly uid: string;
  /** Name of the tmux server that the session was put on. */
  readonly server: string;
  /** Agents that were ever started and not yet seen ended, with the way to end them. */
  readonly agents: Readonly<Record<string, StopPolicy>>;
  /** Where work trees of it may be. */
  readonly places?: readonly WorkspacePlace[];
}
