import type { AgentReading } from '../../api/agent-reading.ts';
import { type Mail, markOf } from '../../api/mail.ts';
import type { Step } from '../../api/mail-step.ts';
import type { PaneFacts } from '../../api/pane-look.ts';
import type { LastExit, MailboxInput } from './facts.ts';
import { isPersonTyping, openDialog, standsAtPrompt } from './gates.ts';
import { type Box, readBox } from './input-box.ts';

/** So long a record of a prompt is waited for once nothing more can be done, in milliseconds. */
const CONFIRM_MS = 90_000;
/** The same where the program keeps no such records, and what is seen has to do. */
const SEEN_MS = 3000;
/** The pauses before Enter is repeated, as multiples of the class's confirmSeconds: 1, 3 and 10 s for one second. */
const REPEATS = [1, 3, 10] as const;
/** Rounds of Enters, as tries of any other kind. */
export const MAX_TRIES = 3;
const AGAIN_MS = 250;

/**
 * What becomes of a mail that is being, or was, handed over.
 *
 * In one run of the agent nothing is typed twice, but where it can be proved that it was not typed: its text still
 * waits in the paste buffer that pasting removes. What stands in the box is submitted, by Enter alone.
 */
export function followUp(mail: Mail, input: MailboxInput): Step {
  const { pane, reading } = input;
  if (pane.type === 'NotLooked') return { type: 'Look' };
  if (pane.type === 'Unknown') return wait(mail, 'NotLooked', AGAIN_MS);
  // It ended: what was in its box is gone with it, and is for the next run to get.
  if (pane.type === 'None') return wait(mail, 'NotRunning', AGAIN_MS * 4);
  if (pane.run !== mail.run) {
    const isRead = reading?.run === pane.run && reading.state !== 'Starting';
    return afterItsRun(mail, input.lastExit, isRead);
  }
  if ((input.delivery?.method ?? 'Paste') !== 'Paste') return afterHandingOver(mail, input);
  if (mail.state === 'Typing') {
    return pane.waitingPastes.includes(mail.id)
      ? { type: 'PutBack', id: mail.id, failed: false, reason: 'NotTyped' }
      : { type: 'TakeAsTyped', id: mail.id };
  }
  return afterTyping(mail, pane, input);
}

function wait({ id }: Mail, reason: string, forMs: number): Step {
  return { type: 'Wait', id, reason, forMs };
}

/** Ends that the mail has nothing to do with. */
const BY_OTHERS: ReadonlySet<LastExit['kind']> = new Set<LastExit['kind']>(['Auth', 'Limit', 'Ended', 'Removed']);

/** @param isRead whether the sources tell of the new run yet: they may still prove that the mail arrived in the old one */
function afterItsRun(mail: Mail, lastExit: LastExit | undefined, isRead: boolean): Step {
  if (!isRead) return wait(mail, 'Starting', AGAIN_MS * 2);
  if (mail.leftAt !== undefined) return { type: 'Unconfirmed', id: mail.id, reason: 'AgentEnded' };
  const failed = lastExit?.run !== mail.run || !BY_OTHERS.has(lastExit?.kind);
  return { type: 'PutBack', id: mail.id, failed, reason: 'AgentEnded' };
}

/** A request or a command: done in one go, so that it was either answered or nobody knows. */
function afterHandingOver(mail: Mail, input: MailboxInput): Step {
  if (neverArrived(mail, input)) return { type: 'PutBack', id: mail.id, failed: true, reason: 'NotRecorded' };
  const leftMs = (mail.typedAt ?? 0) + (input.recordsPrompts ? CONFIRM_MS : 0) - input.now;
  if (leftMs > 0) return wait(mail, 'Confirming', Math.min(leftMs, AGAIN_MS * 2));
  return { type: 'Unconfirmed', id: mail.id, reason: mail.state === 'Typing' ? 'UnknownDelivery' : 'NoRecord' };
}

/** Begun, and cut off; the program records all that it accepts, has had the time for it, and can be read. */
function neverArrived({ state, typedAt = 0 }: Mail, { delivery, recordsPrompts, reading, now, pane }: MailboxInput) {
  const within = delivery?.recordedWithinSeconds;
  if (state !== 'Typing' || within === undefined || !recordsPrompts || now - typedAt < within * 1000) return false;
  const isRead = reading?.state === 'Idle' || reading?.state === 'Busy';
  return isRead && pane.type === 'Seen' && reading.run === pane.run;
}

function afterTyping(mail: Mail, pane: PaneFacts, input: MailboxInput): Step {
  const { delivery = {}, now, reading } = input;
  const typedAt = mail.typedAt ?? now;
  const pauseIn = typedAt + (delivery.pauseMs ?? 300) - now;
  if (pauseIn > 0) return wait(mail, 'Typed', pauseIn);
  const blocked = mayNotSubmit(mail, pane, input);
  const box = readBox(pane, delivery);
  if (isInBox(mail, box, pane)) {
    if (mail.nextTryAt !== undefined && mail.nextTryAt > now) return wait(mail, 'NotSubmitted', mail.nextTryAt - now);
    return blocked === undefined ? submit(mail, box, input) : wait(mail, blocked, AGAIN_MS * 2);
  }
  if (box.type === 'Hidden' && (mail.enters ?? 0) === 0) {
    return blocked === undefined ? { type: 'Enter', id: mail.id } : wait(mail, blocked, AGAIN_MS * 2);
  }
  const entered = mail.enterAt !== undefined;
  if (entered && mail.leftAt === undefined && box.type !== 'Absent') return { type: 'Left', id: mail.id };
  const since = mail.leftAt ?? mail.enterAt ?? typedAt;
  // A command of the program itself is no prompt to it: many leave no record.
  const isProvable = input.recordsPrompts && mail.plain !== true;
  const waitMs = isProvable || !entered ? CONFIRM_MS : SEEN_MS;
  // A program that works takes it up when it comes to it: that it did not say so yet means nothing.
  const leftMs = since + waitMs - now;
  if (leftMs > 0) return wait(mail, entered ? 'Confirming' : 'Typed', Math.min(leftMs, AGAIN_MS));
  const reason = entered ? 'NoRecord' : 'UnknownDelivery';
  return { type: 'Unconfirmed', id: mail.id, reason: reading?.state === 'Busy' && entered ? 'StillBusy' : reason };
}

/** The box holds what we typed: by its mark, or because it holds something and nobody else has typed. */
function isInBox(mail: Mail, box: Box, { personAt }: PaneFacts): boolean {
  if (box.type !== 'Holds') return false;
  if (box.text.includes(markOf(mail))) return true;
  if (mail.leftAt !== undefined) return false;
  // `personAt` has whole seconds.
  return personAt === undefined || personAt + 1000 < (mail.typedAt ?? 0);
}

/** Enter goes to the program's input box, and to nothing else that might take it for an answer. */
function mayNotSubmit(mail: Mail, pane: PaneFacts, input: MailboxInput): string | undefined {
  if (pane.isShell) return 'ShellWithoutAgent';
  if (pane.inMode) return 'PaneInMode';
  const dialog = openDialog(pane, input);
  if (dialog !== undefined) return dialog;
  const closed = input.reading?.run === pane.run ? closedFor(mail, input.reading) : undefined;
  if (closed !== undefined) return closed;
  const typedSince = pane.personAt !== undefined && pane.personAt >= (mail.typedAt ?? input.now);
  return typedSince && isPersonTyping(pane, input.now) ? 'PersonTyping' : undefined;
}

/** What the agent says of itself may be known before it is on the screen: a dialog, or a menu that asks about a limit. */
function closedFor(mail: Mail, reading: AgentReading): string | undefined {
  if (standsAtPrompt(mail, reading)) return undefined;
  const { state, reason = state } = reading;
  return state === 'Waiting' || state === 'NeedsAuth' || state === 'Limited' ? reason : undefined;
}

function submit(mail: Mail, box: Box, { delivery, now }: MailboxInput): Step {
  const { enters = 0, enterAt = 0, firstEnterAt = enterAt } = mail;
  if (enters === 0) return { type: 'Enter', id: mail.id };
  const unitMs = (delivery?.confirmSeconds ?? 3) * 1000;
  const factor = REPEATS[enters - 1];
  const dueAt = factor === undefined ? enterAt + unitMs : firstEnterAt + factor * unitMs;
  if (dueAt > now) return wait(mail, 'Confirming', Math.min(dueAt - now, AGAIN_MS));
  if (factor !== undefined) return { type: 'Enter', id: mail.id };
  if (mail.tries + 1 < MAX_TRIES) return { type: 'EnterFailed', id: mail.id };
  const clear = box.type === 'Holds' && box.text.includes(markOf(mail));
  return { type: 'GiveUp', id: mail.id, reason: 'NotSubmitted', clear };
}
