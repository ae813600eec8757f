import type { AgentReading } from '../../api/agent-reading.ts';
import type { Delivery, Dialog, Exit } from '../../api/generated/all.ts';
import type { Mail } from '../../api/mail.ts';
import type { PaneLook } from '../../api/pane-look.ts';

/** A run that ended, and what kind of end that was. */
export type LastExit = Pick<Exit, 'run' | 'kind'>;

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
  /** The state of the agent, or its reason, as its status has it: why it does not run, where it does not. */
  readonly says: string;
  /** How its last run ended. */
  readonly lastExit: LastExit | undefined;
  /** When a message was last begun to be handed to this agent. */
  readonly lastBegunAt: number | undefined;
  /** Milliseconds until one more delivery is in the rate of all together; 0: now. */
  readonly rateWaitMs: number;
  readonly now: number;
}
