/** What the queue needs of time; declared here because this room imports nothing. */
export interface Clock {
  /** Milliseconds since the epoch, best as if nobody ever set the clock. */
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, callback: () => void): () => void;
}
