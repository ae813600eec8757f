import type { Termination } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';

/** What a project asks of all its agents alike. */
export type Intent =
  | { readonly type: 'Run' }
  /** Nothing is started, and nothing that runs is ended. */
  | { readonly type: 'Stand'; readonly reason: Reason; readonly message: string }
  /** All agents are ended, each its class's way, and after them the session, if it is not to be kept. */
  | {
      readonly type: 'End';
      readonly reason: Termination['reason'];
      readonly message: string;
      readonly session: 'Keep' | 'End';
    };

/** Why no agent is to run now, if that is so. */
export interface Standing {
  readonly reason: Reason;
  readonly message: string;
}

export function standingOf(intent: Intent): Standing | undefined {
  return intent.type === 'Run' ? undefined : { reason: intent.reason, message: intent.message };
}
