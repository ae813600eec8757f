import type { AgentClassSpec } from '../../api/generated/all.ts';
import type { LaunchMode, LaunchRecord } from '../../api/launch-record.ts';

export interface Choice {
  readonly mode: LaunchMode;
  readonly conversation?: string;
}

export interface ChoiceContext {
  /** Of the start before this one; absent if there was none. */
  readonly record: LaunchRecord | undefined;
  /** Whether what the class calls proof of a conversation is there, for this conversation. */
  readonly exists: (conversation: string | undefined) => boolean;
  readonly newId: () => string;
}

/**
 * Whether to begin or to go on, by what exists: the conversation that our own record names and, where the class says
 * how to tell, the program's file of it. Never the newest of anything: that may be another agent's, or a person's.
 */
export function chooseConversation(program: AgentClassSpec, { record, exists, newId }: ChoiceContext): Choice {
  const kind = program.conversation?.id ?? 'None';
  const known = record?.conversation;
  const isKnown = kind === 'None' ? record !== undefined : known !== undefined;
  if (program.resume !== undefined && isKnown && exists(known)) {
    return { mode: 'Resume', ...(known !== undefined && kind !== 'None' && { conversation: known }) };
  }
  // An id that was given once may be taken even if nothing came of it: a new beginning has a new one.
  return { mode: 'Start', ...(kind === 'Assigned' && { conversation: newId() }) };
}
