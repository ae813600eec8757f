/** Something that does not go on by itself, or is not as it should be. */
export interface Finding {
  readonly object: string;
  /** In one word. */
  readonly state: string;
  /** ISO 8601; absent: nobody knows. */
  readonly since?: string;
  readonly cause: string;
  /** The next step, as a command. */
  readonly next: string;
  /** The command that lets it go, of what was kept. */
  readonly letGo?: string;
}
