/** What became of an action: for the journal and the retry. Whether it worked is what the next look says. */
export interface ActionResult {
  readonly ok: boolean;
  /** For a person, without secrets. */
  readonly error?: string;
}
