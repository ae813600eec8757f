import { type Action, describeAction } from '../api/action.ts';
import type { EventNote } from '../api/decision.ts';
import type { Reason } from '../api/reasons.ts';

/** What a person should hear of an action that worked: what we put back that they had moved, or answered for them. */
export function noteOf(action: Action): EventNote | undefined {
  const reason = reasonOf(action.type);
  return reason && { type: 'Normal', reason, message: describeAction(action) };
}

function reasonOf(type: Action['type']): Reason | undefined {
  switch (type) {
    case 'RenameSession':
      return 'SessionRenamed';
    case 'ReleaseSession':
      return 'SessionReleased';
    case 'RenameWindow':
    case 'MarkWindow':
    case 'MoveWindow':
    case 'LinkWindow':
    case 'SwapWindows':
    case 'BreakPane':
      return 'WindowRepaired';
    case 'Answer':
      return 'DialogAnswered';
    // Starts and ends are told once they are seen.
    case 'CreateSession':
    case 'RestoreSession':
    case 'CreateWindow':
    case 'SplitWindow':
    case 'RespawnPane':
    case 'Finish':
    case 'Signal':
    case 'WakeServer':
    case 'KillPane':
    case 'KillWindow':
    case 'RemovePlaceholder':
    case 'KillSession':
    case 'ArrangeWorkTrees':
    case 'FinishWork':
      return undefined;
  }
}
