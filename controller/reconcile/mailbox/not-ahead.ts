import type { Mail } from '../../api/mail.ts';
import { LONGEST_PAUSE_MS } from './apply.ts';

/** Clocks are put right by so much all the time, in milliseconds. */
const SLACK_MS = 1000;
const MOMENTS = ['typedAt', 'enterAt', 'firstEnterAt', 'leftAt', 'endedAt'] as const;

/**
 * The mail with nothing in it that is yet to happen: where the clock was set back, what was done counts as done now, and
 * nobody waits for the clock to catch up. The very same mail if there is nothing to be put right.
 */
export function notAhead(mail: Mail, now: number): Mail {
  const ahead = MOMENTS.filter((name) => (mail[name] ?? 0) > now + SLACK_MS);
  const isFar = (mail.nextTryAt ?? 0) > now + LONGEST_PAUSE_MS + SLACK_MS;
  if (ahead.length === 0 && !isFar) return mail;
  return { ...mail, ...Object.fromEntries(ahead.map((name) => [name, now])), ...(isFar && { nextTryAt: now }) };
}
