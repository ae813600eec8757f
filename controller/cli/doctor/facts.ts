import type { AgentClassStatus } from '../../api/generated/all.ts';
import type { Controller } from '../ports.ts';

/** A directory that muxlet needs, as it was found. */
export type FolderFacts =
  | { readonly state: 'Missing'; readonly path: string /** Whether it can be made. */; readonly creatable: boolean }
  | { readonly state: 'NotADirectory'; readonly path: string }
  | {
      readonly state: 'Directory';
      readonly path: string;
      readonly readable: boolean;
      readonly writable: boolean;
      /** Permission bits. */
      readonly mode: number;
      readonly ownedByUs: boolean;
    };

export interface ToolFacts {
  /** What the tool says of its version; undefined if it is not installed. */
  readonly version: string | undefined;
}

/** Everything that the checks look at, gathered once. What could not be learnt is undefined. */
export interface Facts {
  readonly platform: string;
  readonly node: string;
  readonly tmux: ToolFacts;
  readonly git: ToolFacts;
  readonly flock: ToolFacts;
  readonly specs: FolderFacts;
  readonly state: FolderFacts;
  /** Where tmux keeps its sockets. */
  readonly sockets: FolderFacts;
  /** Sockets of our name to which nobody answers. */
  readonly staleSockets: readonly string[];
  /** Bytes free where the state directory is or would be. */
  readonly freeBytes: number | undefined;
  readonly ptyMax: number | undefined;
  readonly ptyUsed: number | undefined;
  /** Open files that a tmux server of ours may have: the hard limit, to which it is raised. */
  readonly openFiles: number | undefined;
  /** The locale in force for characters: LC_ALL, LC_CTYPE or LANG, the first that is set. */
  readonly locale: string | undefined;
  readonly controller: Controller | undefined;
  /** Classes of which there are agents, as the controller saw them last. */
  readonly classes: readonly { readonly name: string; readonly status: AgentClassStatus }[];
}

export interface Finding {
  readonly check: string;
  readonly result: 'OK' | 'INFO' | 'WARN' | 'FAIL';
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export type Check = (facts: Facts) => readonly Finding[];
