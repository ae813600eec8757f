// What a test tells the model API to do with a request, as plain data. A label's behaviours are taken one a main
// request, in order; with none left the API answers with an echo.

/** What a model service refuses with; each dialect has its own status, headers and body for it. */
export type FailureName =
  | 'unauthorized'
  | 'revoked'
  | 'forbidden'
  | 'rate-limited'
  | 'usage-limited'
  | 'quota-exceeded'
  | 'context-full'
  | 'model-unknown'
  | 'server-error'
  | 'overloaded'
  | 'unavailable';

/** A tool of the program's own, and what it is given. */
export interface ToolCall {
  readonly name: string;
  readonly input: object;
}

/** Before anything is sent, or after the head and half of the text. */
export type Place = 'headers' | 'stream';

export interface FailureBehaviour {
  readonly type: 'failure';
  readonly failure: FailureName;
  /** Seconds; sent as the `retry-after` header, or in the body where the dialect has it there. */
  readonly retryAfter?: number;
  /** Epoch seconds at which a usage limit ends. */
  readonly resetsAt?: number;
  /** For how many requests in a row; 1 unless told. Programs try again by themselves. */
  readonly times?: number;
}

type Deed =
  /**
   * A fixed answer; `pauseMs` between its pieces makes the turn last. `inputTokens` is how long the conversation is said to
   * have become (Anthropic).
   */
  | { readonly type: 'text'; readonly text: string; readonly pauseMs?: number; readonly inputTokens?: number }
  /** `ECHO <8 hex digits of the message's sha256> <the beginning of its first line>`. */
  | { readonly type: 'echo'; readonly pauseMs?: number }
  /** A call of a tool that the program offered, under its own name, after `text`; with `and`, of several at once. */
  | {
      readonly type: 'tool';
      readonly name: string;
      readonly input: object;
      readonly text?: string;
      readonly and?: readonly ToolCall[];
    }
  /** Waits there until `release(label)` and goes on as an echo. */
  | { readonly type: 'stall'; readonly where: Place }
  /** Cuts the connection with a reset. */
  | { readonly type: 'drop'; readonly where: Place; readonly times?: number }
  | FailureBehaviour
  /** Any other status, headers and body, word for word. */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly times?: number;
    };

/** One entry a request: `times` taken apart, for finite numbers only. */
export function unrolled(behaviours: readonly Behaviour[]): Behaviour[] {
  return behaviours.flatMap((behaviour) => {
    const times = 'times' in behaviour ? (behaviour.times ?? 1) : 1;
    return Array.from({ length: times }, () => behaviour);
  });
}

export type Behaviour = Deed & {
  /** Only for a request in which this asks: that of an agent's own agent and its next one come in any order. */
  readonly asks?: 'prompt' | 'tool-result';
};
