/** What a change of a spec file's text comes to. */
export type Rewrite =
  | { readonly type: 'Rewritten'; readonly text: string }
  /** No object is left in the text: the file can be deleted. */
  | { readonly type: 'Emptied' }
  /** The text holds no such object. */
  | { readonly type: 'NotFound' }
  /** The text cannot be parsed, so that nothing in it can be changed safely. */
  | { readonly type: 'Unparsable'; readonly message: string };

export type Fields = Readonly<Record<string, unknown>>;

/** A document's new value; undefined if nothing is left of it. */
export type DocumentChange = Fields | undefined | 'NotFound';
