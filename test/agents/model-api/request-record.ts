import type { DialectName } from './dialects/dialect.ts';

/** Which header (or query parameter) carried a credential. */
export type AuthKind = 'x-api-key' | 'authorization' | 'x-goog-api-key' | 'query' | 'none';

/** One request as it came in, and what was done with it. */
export interface RequestRecord {
  readonly label: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Below the label, with its query. */
  readonly path: string;
  /** `other` for what no dialect knows; such a request is answered 404, and a GET of a Responses URL 426. */
  readonly dialect: DialectName | 'other';
  /** Whether it offered tools: a turn of the agent's own, and not a title, a summary or a question about the model. */
  readonly main: boolean;
  readonly model: string | undefined;
  readonly auth: AuthKind;
  /** The newest text of a person (or controller) in it, without what the program adds by itself. */
  readonly userText: string;
  /** Whether that text is what asks now; else it is a tool's result that does. */
  readonly asks: 'prompt' | 'tool-result';
  /** What was done: the type of the behaviour, or `side`, or `refused` for `other`. */
  readonly answeredBy: string;
  /** Epoch milliseconds at which the answer was over, or the connection gone; undefined until then. */
  readonly endedAt?: number;
}
