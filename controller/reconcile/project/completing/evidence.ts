/** What is to be seen of one rule at one agent, or of one rule at all of its agents. */
export interface Evidence {
  /** Unknown: nobody could look, or nobody has looked yet. */
  readonly status: 'True' | 'False' | 'Unknown';
  /** The evidence, or what is missing. */
  readonly message: string;
  /** When it came about, in milliseconds since the epoch, if that is known. */
  readonly at?: number;
  /** Milliseconds after which it may be another by itself. */
  readonly dueInMs?: number;
}

export function missing(message: string, dueInMs?: number): Evidence {
  return { status: 'False', message, ...(dueInMs !== undefined && { dueInMs }) };
}

export function unknown(message: string): Evidence {
  return { status: 'Unknown', message };
}

export function seen(message: string, at?: number): Evidence {
  return { status: 'True', message, ...(at !== undefined && { at }) };
}
