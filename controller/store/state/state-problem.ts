/** What is wrong with the state directory. None of it stops the controller. */
export type StateProblem =
  /** Told once for a folder and error code, until it is healed. `path` is the first file it befell. */
  | { readonly type: 'WriteFailed'; readonly path: string; readonly code: string; readonly message: string }
  /** Everything in the folder is written again. */
  | { readonly type: 'WriteHealed'; readonly folder: string }
  /** The file could not be read, and was left as it is. */
  | { readonly type: 'Unreadable'; readonly path: string; readonly message: string }
  /** The file's content is of no use; it was moved to `movedTo` if that worked. */
  | { readonly type: 'Corrupt'; readonly path: string; readonly message: string; readonly movedTo?: string }
  /** Fields were malformed and were left out or replaced by a default; the rest of the file was taken. */
  | { readonly type: 'FieldsDropped'; readonly path: string; readonly fields: readonly string[] }
  /** Lines were malformed and left out. */
  | { readonly type: 'LinesDropped'; readonly path: string; readonly count: number };

export type OnStateProblem = (problem: StateProblem) => void;
