// All that the API knows of one agent: what to do with its next requests, which came, and who waits.
import type { Behaviour } from './behaviour.ts';
import type { RequestRecord } from './request-record.ts';

export interface Label {
  readonly queue: Behaviour[];
  readonly requests: RequestRecord[];
  /** Each new text of the user's side, once, in order of arrival. */
  readonly prompts: string[];
  /** The user's side as the newest main request told it. */
  conversation: readonly string[];
  /** Each ends one stalled request. */
  readonly stalled: Set<() => void>;
}

export function newLabel(): Label {
  return { queue: [], requests: [], prompts: [], conversation: [], stalled: new Set() };
}

/**
 * Every request carries the whole conversation, and a program that was refused sends it again: new is what follows the
 * part that the request before it had too.
 */
export function hear(label: Label, conversation: readonly string[]): void {
  const differs = conversation.findIndex((text, index) => text !== label.conversation[index]);
  if (differs !== -1) label.prompts.push(...conversation.slice(differs));
  label.conversation = conversation;
}
