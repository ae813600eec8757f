import type { Mail } from '../../api/mail.ts';
import type { PaneLook } from '../../api/pane-look.ts';
import type { Clock } from '../ports.ts';
import type { Deciding } from './deciding.ts';
import type { Addressee, Courier, MailFiles, ReadingOf } from './ports.ts';
import type { Rate } from './rate.ts';

export interface PostmanOptions {
  readonly clock: Clock;
  readonly files: MailFiles;
  readonly deciding: Deciding;
  readonly look: (to: Addressee) => Promise<PaneLook>;
  readonly courier: Courier;
  readonly reading: ReadingOf;
  readonly rate: Rate;
  /** Told of each change of a mail that others may want to say. */
  readonly onChange: (mail: Mail) => void;
  readonly onEnd: (mail: Mail) => void;
  readonly onRetry: (mail: Mail) => void;
  readonly onError: (error: unknown) => void;
}

/** One agent's mailbox in memory. Its mails are on disk as well. */
export interface Mailbox {
  readonly uid: string;
  readonly projectUid: string;
  readonly mails: Map<string, Mail>;
  to: Addressee | undefined;
  /** Since when, and how many times in a row, the agent was found in the same state. */
  calm: { since: number; reads: number; state: string };
  lastBegunAt: number | undefined;
  /** A turn is under way. */
  busy: boolean;
  /** Somebody asked for another one meanwhile. */
  again: boolean;
  /** Mails that are being written for the first time. */
  readonly arriving: Set<string>;
  /** Settles once what changes it now is over. */
  working: Promise<void>;
  cancel: () => void;
}
