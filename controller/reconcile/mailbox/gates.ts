import type { AgentReading } from '../../api/agent-reading.ts';
import { type Mail, markOf } from '../../api/mail.ts';
import type { Step } from '../../api/mail-step.ts';
import type { PaneFacts } from '../../api/pane-look.ts';
import { patternOf } from '../../api/reading/pattern.ts';
import type { MailboxInput } from './facts.ts';
import { readBox } from './input-box.ts';

/** Two reads of the agent's state, so far apart, have to agree before anything is handed to it. */
const CALM_MS = 300;
/** A person who typed so shortly ago is typing. */
const PERSON_MS = 10_000;
/** So long after a delivery the next one to the same agent begins at the earliest. */
const INTERVAL_MS = 2000;

/** Milliseconds until a gate is tried again: what is read costs nothing, what is looked at costs a request to tmux. */
const READ_AGAIN_MS = 500;
const LOOK_AGAIN_MS = 1000;

/** Why the mail may not be handed over now; undefined: nothing is in the way. */
export function gate(mail: Mail, input: MailboxInput): Step | undefined {
  const { pane, lastBegunAt, now } = input;
  const wait = (reason: string, forMs: number): Step => ({ type: 'Wait', id: mail.id, reason, forMs });
  const unfit = unfitState(mail, input);
  if (unfit !== undefined) return wait(unfit, READ_AGAIN_MS);
  const calmIn = input.calm.since + CALM_MS - now;
  if (calmIn > 0 || input.calm.reads < 2) return wait('Settling', Math.max(20, calmIn));
  const pause = lastBegunAt === undefined ? 0 : lastBegunAt + INTERVAL_MS - now;
  if (pause > 0) return wait('Paced', pause);
  if (pane.type === 'NotLooked') return { type: 'Look' };
  if (pane.type === 'Unknown') return wait('NotLooked', LOOK_AGAIN_MS);
  if (pane.type === 'None') return wait('NotRunning', LOOK_AGAIN_MS);
  if (pane.run !== input.reading?.run) return wait('Starting', READ_AGAIN_MS);
  const reopened = heldAfterAll(pane, input);
  if (reopened !== undefined) return { type: 'Reopen', id: reopened.id };
  const closed = obstacle(pane, input);
  if (closed !== undefined) return wait(closed, LOOK_AGAIN_MS);
  // Last, for asking takes its place in the rate.
  return input.rateWaitMs > 0 ? wait('Paced', input.rateWaitMs) : undefined;
}

function unfitState(mail: Mail, { reading, delivery, says }: MailboxInput): string | undefined {
  if (delivery === undefined) return 'NoDelivery';
  if (reading === undefined) return says;
  const { state, reason = state } = reading;
  const isFit = state === 'Idle' || (state === 'Busy' && delivery.whileBusy === true && mail.onlyIdle !== true);
  return isFit || standsAtPrompt(mail, reading) ? undefined : reason;
}

/**
 * Whether what stopped the agent passes by itself, or is over: it waits for nothing but to be told to go on. After a limit
 * that is the first that it hears, whatever else waits.
 */
export function standsAtPrompt({ afterLimit }: Mail, reading: AgentReading): boolean {
  const { state, reason, failure, at } = reading;
  if (state === 'Limited') return afterLimit !== undefined && at <= afterLimit;
  return state === 'Waiting' && reason === 'TurnFailed' && failure === 'Transient';
}

/** What in the pane forbids to type, as it stands this moment: the reading may be older than a dialog. */
function obstacle(pane: PaneFacts, input: MailboxInput): string | undefined {
  const { delivery = {}, now } = input;
  if (pane.isShell) return 'ShellWithoutAgent';
  const dialog = openDialog(pane, input);
  if (dialog !== undefined) return dialog;
  if ((delivery.method ?? 'Paste') !== 'Paste') return undefined;
  if (pane.inMode) return 'PaneInMode';
  if (isPersonTyping(pane, now)) return 'PersonTyping';
  switch (readBox(pane, delivery).type) {
    case 'Absent':
      return 'NoInputBox';
    case 'Holds':
      return 'InputBoxNotEmpty';
    case 'Empty':
    case 'Hidden':
      return undefined;
  }
}

function heldAfterAll(pane: PaneFacts, { mails, delivery = {} }: MailboxInput): Mail | undefined {
  const box = readBox(pane, delivery);
  if (box.type !== 'Holds') return undefined;
  return mails.find((mail) => mail.state === 'Unconfirmed' && mail.run === pane.run && box.text.includes(markOf(mail)));
}

export function openDialog(pane: PaneFacts, { dialogs }: Pick<MailboxInput, 'dialogs'>): string | undefined {
  const text = pane.screen.join('\n');
  return dialogs.find(({ pattern }) => patternOf(pattern, 'mu').test(text))?.name;
}

/** What lies ahead was typed before the clock was set back. */
export function isPersonTyping({ personAt }: PaneFacts, now: number): boolean {
  return personAt !== undefined && personAt < now + PERSON_MS && now - personAt < PERSON_MS;
}
