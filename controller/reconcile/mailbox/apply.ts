import type { Mail } from '../../api/mail.ts';
import { MAX_TRIES } from './under-way.ts';

/** Pauses before the second and the third try, and the one after, in milliseconds. */
const PAUSES_MS = [1000, 5000, 25_000] as const;
export const LONGEST_PAUSE_MS = 25_000;

/** What is recorded of a mail. Each function gives the record as it is to be written; none has effects. */
export const apply = {
  begun: (mail: Mail, run: string, now: number): Mail => ({
    ...without(mail, 'nextTryAt', 'reason', 'detail', 'leftAt', 'enterAt', 'firstEnterAt'),
    state: 'Typing',
    run,
    typedAt: now,
    enters: 0,
  }),
  typed: (mail: Mail, now: number): Mail => ({ ...mail, state: 'Typed', typedAt: now }),
  entered: (mail: Mail, now: number): Mail => ({
    ...mail,
    enters: (mail.enters ?? 0) + 1,
    enterAt: now,
    firstEnterAt: (mail.enters ?? 0) === 0 ? now : (mail.firstEnterAt ?? now),
  }),
  left: (mail: Mail, now: number): Mail => ({ ...mail, leftAt: now }),
  waiting: (mail: Mail, reason: string): Mail => ({ ...without(mail, 'detail'), reason }),
  ended(mail: Mail, state: Mail['state'], now: number, why: { reason?: string; detail?: string } = {}): Mail {
    return { ...without(mail, 'reason', 'detail', 'nextTryAt'), state, endedAt: now, ...why };
  },
  /** One try failed: again after a pause, or given up. */
  failed(mail: Mail, now: number, why: { reason: string; detail?: string }): Mail {
    const tries = mail.tries + 1;
    if (tries >= MAX_TRIES) return { ...this.ended(mail, 'DeadLetter', now, why), tries };
    const nextTryAt = now + (PAUSES_MS[tries - 1] ?? 0);
    return { ...without(mail, 'detail'), ...why, state: 'Queued', tries, nextTryAt };
  },
  /** A round of Enters led nowhere. It stays typed: it is never typed again in the same run. */
  enterFailed(mail: Mail, now: number): Mail {
    const tries = mail.tries + 1;
    return { ...mail, tries, enters: 0, nextTryAt: now + (PAUSES_MS[tries - 1] ?? 0), reason: 'NotSubmitted' };
  },
  reopened: (mail: Mail): Mail => ({ ...without(mail, 'endedAt', 'leftAt', 'reason'), state: 'Typed', enters: 0 }),
  putBack: (mail: Mail, reason: string): Mail => ({ ...mail, state: 'Queued', reason }),
} as const;

function without<Name extends keyof Mail>(mail: Mail, ...names: readonly Name[]): Mail {
  const kept = Object.entries(mail).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(kept) as unknown as Mail;
}
