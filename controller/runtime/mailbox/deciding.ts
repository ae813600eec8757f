import type { AgentReading } from '../../api/agent-reading.ts';
import type { Mail } from '../../api/mail.ts';
import type { Step } from '../../api/mail-step.ts';
import type { PaneLook } from '../../api/pane-look.ts';
import type { Addressee } from './ports.ts';

/** What the decision needs beside the mailbox itself. Implemented over reconcile/mailbox. */
export interface Deciding {
  next(input: DecidingInput): Step;
  superseded(mails: readonly Mail[]): readonly Mail[];
  /** The mail itself, unless the clock was set back since it was written. */
  notAhead(mail: Mail, now: number): Mail;
  compose(mail: Mail, to: Addressee, path: string): Letter;
  readonly apply: Applying;
}

export interface DecidingInput {
  readonly mails: readonly Mail[];
  readonly to: Addressee;
  readonly reading: AgentReading | undefined;
  readonly calm: { readonly since: number; readonly reads: number };
  readonly pane: PaneLook;
  readonly lastBegunAt: number | undefined;
  readonly rateWaitMs: number;
  readonly now: number;
}

export interface Letter {
  readonly handed: string;
  readonly file?: string;
}

interface Why {
  readonly reason: string;
  readonly detail?: string;
}

export interface Applying {
  begun(mail: Mail, run: string, now: number): Mail;
  typed(mail: Mail, now: number): Mail;
  entered(mail: Mail, now: number): Mail;
  left(mail: Mail, now: number): Mail;
  waiting(mail: Mail, reason: string): Mail;
  ended(mail: Mail, state: Mail['state'], now: number, why?: Partial<Why>): Mail;
  failed(mail: Mail, now: number, why: Why): Mail;
  enterFailed(mail: Mail, now: number): Mail;
  reopened(mail: Mail): Mail;
  putBack(mail: Mail, reason: string): Mail;
}
