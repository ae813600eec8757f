import type { AgentReading } from '../../api/agent-reading.ts';
import type { AgentClassSpec, Exit } from '../../api/generated/all.ts';
import type { Mail } from '../../api/mail.ts';

/** Where an agent runs now, and as what. */
export interface Addressee {
  readonly project: string;
  readonly projectUid: string;
  readonly agent: string;
  /** The agent's own uid. */
  readonly uid: string;
  readonly class: string;
  readonly program: AgentClassSpec;
  /** Absolute. */
  readonly workingDir: string;
  /** Absent while it has no pane. */
  readonly pane?: AddresseePane;
  /** Its state, or the reason for it, as its status has it. */
  readonly says: string;
  readonly lastExit?: Pick<Exit, 'run' | 'kind'>;
}

export interface AddresseePane {
  readonly server: string;
  readonly session: string;
  readonly id: string;
  readonly pid: number;
  readonly run: string;
}

/** Records on disk; `save` settles once the record would survive anything. Implemented by store/messages. */
export interface MailFiles {
  load(): Promise<readonly Mail[]>;
  save(mail: Mail): Promise<void>;
  saveText(mail: Mail, text: string): Promise<void>;
  textPath(mail: Mail): string;
  remove(mail: Mail): Promise<void>;
}

/** What became of one handing over. */
export type Handed =
  /** The program has it, or its terminal does. `accepted`: the program itself said so. */
  | { readonly type: 'Done'; readonly accepted: boolean }
  /** Certainly nothing of it arrived; `isTry`: that counts as a failed delivery. */
  | { readonly type: 'NotDone'; readonly isTry: boolean; readonly reason: string; readonly detail: string }
  /** Nobody can say: what is looked at next decides. */
  | { readonly type: 'Unknown'; readonly detail: string };

/** The hands of the mailboxes. Never throw. */
export interface Courier {
  /** Makes ready what can be made ready before the intent is on record, so that less can happen after it. */
  prepare(to: Addressee, mail: Mail, handed: string): Promise<Handed>;
  hand(to: Addressee, mail: Mail, handed: string): Promise<Handed>;
  /** Sends the keys that submit what stands in the box. */
  submit(to: Addressee): Promise<Handed>;
  /** Lets go of what was prepared and not handed over. */
  discard(to: Addressee, mail: Mail): Promise<void>;
  /** Takes what we typed out of the box. */
  clear(to: Addressee): Promise<Handed>;
}

export type ReadingOf = (projectUid: string, agent: string) => AgentReading | undefined;
