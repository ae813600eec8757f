// What the four wire formats have in common: each reads a request into an Ask and writes a Reply as one JSON body or as
// a stream of events.
import type { FailureBehaviour, ToolCall } from '../behaviour.ts';

export type DialectName = 'anthropic' | 'responses' | 'chat' | 'gemini';

/** A request, read. */
export interface Ask {
  readonly model: string | undefined;
  readonly streams: boolean;
  readonly offersTools: boolean;
  /** The client wants JSON and not prose (Gemini's `responseMimeType`). */
  readonly wantsJson: boolean;
  /** All texts of the user's side, oldest first, without what the program adds by itself. */
  readonly userTexts: readonly string[];
  readonly asks: 'prompt' | 'tool-result';
}

export interface Reply {
  readonly id: string;
  readonly model: string;
  /** In pieces, as they are streamed. */
  readonly pieces: readonly string[];
  readonly tools: readonly ToolCall[];
  readonly inputTokens: number;
}

/** Server-sent events as they go over the wire, in three parts, so that 'in mid stream' has a meaning. */
export interface Stream {
  readonly head: readonly string[];
  readonly pieces: readonly string[];
  readonly tail: readonly string[];
}

export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Dialect {
  readonly name: DialectName;
  /** Whether a POST to this path (no query, below the label) speaks it. */
  readonly serves: (path: string) => boolean;
  readonly read: (body: unknown, url: URL) => Ask;
  readonly json: (reply: Reply) => unknown;
  readonly stream: (reply: Reply) => Stream;
  readonly refuse: (failure: FailureBehaviour) => Refusal;
}

/** One server-sent event. */
export function sse(data: unknown, event?: string): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}
