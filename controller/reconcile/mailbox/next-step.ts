/**
 * What is done next with an agent's mailbox. Pure: everything that is known is handed in, one step comes out, and after
 * it everything is looked at anew. What makes a delivery happen once stands here and in docs/decisions/0012.
 */
import { hasEnded, isUnderWay, type Mail, markOf } from '../../api/mail.ts';
import type { Step } from '../../api/mail-step.ts';
import type { MailboxInput } from './facts.ts';
import { gate } from './gates.ts';
import { inOrder } from './order.ts';
import { followUp } from './under-way.ts';

/** How long after its end a submission without a record is still looked for in the records, in milliseconds. */
const LATE_MS = 3_600_000;

export function nextStep(input: MailboxInput): Step {
  const { mails, now } = input;
  const proven = mails.find((mail) => mayBeProven(mail, now) && isRecorded(mail, input));
  if (proven !== undefined) return { type: 'Confirm', id: proven.id };
  const current = mails.find(isUnderWay);
  if (current !== undefined) return followUp(current, input);
  const late = mails.find((mail) => mail.state === 'Queued' && mail.notAfter !== undefined && mail.notAfter < now);
  if (late !== undefined) return { type: 'Expire', id: late.id };
  const [next] = inOrder(mails);
  if (next === undefined) return { type: 'Nothing' };
  if (next.nextTryAt !== undefined && next.nextTryAt > now) {
    return { type: 'Wait', id: next.id, reason: next.reason ?? 'Retrying', forMs: next.nextTryAt - now };
  }
  return gate(next, input) ?? { type: 'Deliver', id: next.id };
}

/** Also one that was never begun, as far as is known: the state directory may have been deleted meanwhile. */
function mayBeProven(mail: Mail, now: number): boolean {
  if (mail.state === 'Unconfirmed') return now - (mail.endedAt ?? 0) < LATE_MS;
  return !hasEnded(mail);
}

/** Whether the program's own record of its prompts holds the mail. */
function isRecorded(mail: Mail, { reading }: Pick<MailboxInput, 'reading'>): boolean {
  const { prompts = [], earlier = [] } = reading?.turns ?? {};
  if (mail.plain !== true) return [...prompts, ...earlier].some(({ text }) => text.includes(markOf(mail)));
  const { typedAt } = mail;
  return typedAt !== undefined && prompts.some(({ at, text }) => at >= typedAt && text.trim() === mail.text.trim());
}
