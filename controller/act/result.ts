/** What became of an action: for the journal and the retry. Whether it worked is what the next look says. */
export interface ActionResult {
  readonly ok: boolean;
  /** There was nothing to do: what it was to act on is not so any more. */
  readonly idle?: true;
  /** For a person, without secrets. */
  readonly error?: string;
}
