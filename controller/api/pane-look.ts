/** What is seen of an agent's pane before anything is typed into it. */
export type PaneLook =
  /** Whether it is worth a look is decided first: most waiting is for what the pane need not be asked about. */
  | { readonly type: 'NotLooked' }
  | { readonly type: 'Unknown'; readonly message: string }
  /** The agent has no pane, or no living process in it. */
  | { readonly type: 'None' }
  | ({ readonly type: 'Seen' } & PaneFacts);

/** An agent's pane at one moment, by one request. */
export interface PaneFacts {
  /** By the pane's own mark. */
  readonly run: string;
  /** A person looks at its history, or chooses from a list: keys do not reach the program. */
  readonly inMode: boolean;
  /** A shell has the terminal where the agent should. */
  readonly isShell: boolean;
  /** Lines as they stand, joined where the terminal wrapped them. */
  readonly screen: readonly string[];
  /** The same with the terminal's escapes for colours. */
  readonly styled: readonly string[];
  /** When a person last typed on a terminal that shows the session; milliseconds since the epoch, whole seconds. */
  readonly personAt: number | undefined;
  /** Ids of mails whose text still waits in a paste buffer: it was never pasted. */
  readonly waitingPastes: readonly string[];
}
