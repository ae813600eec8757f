import type { DesiredEnv } from './desired.ts';
import type { DesiredIntegration, DesiredVerification, TimedCommand } from './finishing.ts';
import type { WorkTreeFile } from './generated/all.ts';
import { hashOf } from './metadata.ts';

/** One round of it. Asking again for a round that is under way or over changes nothing. */
export interface FinishRequest {
  readonly project: string;
  readonly uid: string;
  readonly attempt: number;
  /** From 1; the next one begins when the team has gone on. */
  readonly round: number;
  /** The repository that holds the branches; its folder of work trees. Absolute. */
  readonly repository: string;
  readonly root: string;
  /**
   * Branches in the order of their merging; one alone, where there is nothing to merge; none where the agents have no
   * work trees: then what stands in `directory` is verified, as it stands there.
   */
  readonly branches: readonly { readonly agent: string; readonly branch: string }[];
  /** The branch that holds the result: muxlet/PROJECT/integration, or the only one. */
  readonly into: string;
  readonly base: string | undefined;
  readonly integration: DesiredIntegration | undefined;
  readonly verification: DesiredVerification | undefined;
  readonly setUp: TimedCommand | undefined;
  /** Variables of the set-up and the verification. */
  readonly env?: readonly DesiredEnv[];
  /** What a clean work tree is given that the repository does not hold, and the checkout that has it, if there is one. */
  readonly files?: readonly WorkTreeFile[];
  readonly checkout?: string;
  /** Where commands run that have no work tree: the project's own directory. Absolute. */
  readonly directory: string;
}

/** Tells a round from one of another spec: by what is to be done with the work, and not by how often. */
export function roundHash({
  verification,
  integration,
  setUp,
}: Pick<FinishRequest, 'verification' | 'integration' | 'setUp'>): string {
  return hashOf({ commands: verification?.commands, integration, setUp });
}
