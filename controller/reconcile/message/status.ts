import type { MessageStatus, TargetStatus } from '../../api/generated/all.ts';
import type { Mail } from '../../api/mail.ts';

const STATES: Readonly<Record<Mail['state'], TargetStatus['state']>> = {
  Queued: 'Queued',
  Typing: 'Delivering',
  Typed: 'Delivering',
  Confirmed: 'Delivered',
  Unconfirmed: 'Unconfirmed',
  Superseded: 'Superseded',
  Expired: 'Expired',
  DeadLetter: 'DeadLetter',
};

type Words = Omit<Mail, 'sequence'>;

/** How a mail stands, as its Message says it. */
export function targetStatus(mail: Words): TargetStatus {
  const { project, agent, id, state, reason, detail, tries, queuedAt, endedAt } = mail;
  return {
    project,
    agent,
    id,
    state: STATES[state],
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { message: detail }),
    tries,
    queuedAt: new Date(queuedAt).toISOString(),
    ...(endedAt !== undefined && { deliveredAt: new Date(endedAt).toISOString() }),
  };
}

/** One that never came into the mailbox. */
export function refused(mail: Words, reason: string, message: string, now: number): TargetStatus {
  return { ...targetStatus(mail), state: 'Refused', reason, message, deliveredAt: new Date(now).toISOString() };
}

/** The phases from the one that needs a person most to the one that needs nobody. */
export function phaseOf(targets: readonly TargetStatus[]): MessageStatus['phase'] {
  const has = (...states: readonly TargetStatus['state'][]): boolean =>
    targets.some(({ state }) => states.includes(state));
  if (has('Delivering')) return 'Delivering';
  if (has('Queued')) return 'Pending';
  if (has('DeadLetter')) return 'DeadLetter';
  return has('Expired', 'Refused') ? 'Failed' : 'Delivered';
}
