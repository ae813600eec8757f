import type { AgentReading } from '../../api/agent-reading.ts';
import type { Delivery, Dialog } from '../../api/generated/all.ts';
import type { Mail } from '../../api/mail.ts';

/** Everything that a decision about one agent's mailbox is made from. */
export interface MailboxInput {
  readonly mails: readonly Mail[];
  /** How the agent's class says that it is spoken to; absent: it is not. */
  readonly delivery: Delivery | undefined;
  readonly dialogs: readonly Dialog[];
  /** Whether the class's sources record prompts, so that a delivery can be proved. */
  readonly recordsPrompts: boolean;
  readonly reading: AgentReading | undefined;
  /** Since when each read of the agent found it in the state it is in now, and how many reads that were. */
  readonly calm: { readonly since: number; readonly reads: number };
  readonly pane: PaneLook;
  /** When a message was last begun to be handed to this agent. */
  readonly lastBegunAt: number | undefined;
  /** Milliseconds until one more delivery is in the rate of all together; 0: now. */
  readonly rateWaitMs: number;
  readonly now: number;
}

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
