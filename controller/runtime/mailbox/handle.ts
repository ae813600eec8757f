import type { Mail } from '../../api/mail.ts';
import type { Step } from '../../api/mail-step.ts';
import type { Mailbox, PostmanOptions } from './mailbox.ts';
import type { Addressee, Handed } from './ports.ts';

export interface Handling {
  readonly box: Mailbox;
  readonly to: Addressee;
  readonly put: (box: Mailbox, mail: Mail) => Promise<void>;
  readonly note: (box: Mailbox, mail: Mail) => void;
  readonly options: PostmanOptions;
}

/** Late evidence of what ended without one is looked for so often, in milliseconds. */
const LATE_MS = 5000;
/** The terminal would not take a key just now, in milliseconds. */
const AGAIN_MS = 250;

/** Does one step. @returns when to come again, in milliseconds. */
export async function handle(step: Step, handling: Handling): Promise<number | undefined> {
  const { box, note, options } = handling;
  const { apply } = options.deciding;
  if (step.type === 'Nothing') {
    return [...box.mails.values()].some(({ state }) => state === 'Unconfirmed') ? LATE_MS : undefined;
  }
  if (step.type === 'Look') return 0;
  const mail = box.mails.get(step.id);
  if (mail === undefined) return 0;
  if (step.type === 'Wait') {
    note(box, apply.waiting(mail, step.reason));
    return step.forMs;
  }
  return (await change(step, mail, handling)) === 'Refused' ? AGAIN_MS : 0;
}

async function change(
  step: Exclude<Step, { readonly type: 'Nothing' | 'Look' | 'Wait' }>,
  mail: Mail,
  handling: Handling,
): Promise<'Refused' | void> {
  const { box, to, options } = handling;
  const { clock, courier, deciding } = options;
  const { apply } = deciding;
  const now = clock.now();
  const put = (next: Mail): Promise<void> => handling.put(box, next);
  switch (step.type) {
    case 'Deliver':
      return deliver(mail, handling);
    case 'TakeAsTyped':
      return put(apply.typed(mail, mail.typedAt ?? now));
    case 'PutBack':
      return put(step.failed ? apply.failed(mail, now, step) : apply.putBack(mail, step.reason));
    case 'Enter':
      // First on record: an Enter too few is repeated, an Enter too many might answer a question.
      await put(apply.entered(mail, now));
      if ((await courier.submit(to)).type !== 'NotDone') return;
      await put(mail);
      return 'Refused';
    case 'EnterFailed':
      return put(apply.enterFailed(mail, now));
    case 'Left':
      return put(apply.left(mail, now));
    case 'Confirm':
      return put(apply.ended(mail, 'Confirmed', now));
    case 'Unconfirmed':
      return put(apply.ended(mail, 'Unconfirmed', now, step));
    case 'Expire':
      return put(apply.ended(mail, 'Expired', now, { reason: 'DeadlineExceeded' }));
    case 'Reopen':
      return put(apply.reopened(mail));
    case 'GiveUp':
      if (step.clear) await courier.clear(to);
      return put({ ...apply.ended(mail, 'DeadLetter', now, step), tries: mail.tries + 1 });
  }
}

/**
 * The order is what makes a crash harmless: what is pasted waits in the terminal's buffer before the intent is on disk,
 * and the paste that follows takes it out of there.
 */
async function deliver(mail: Mail, { box, to, put, options }: Handling): Promise<void> {
  const { clock, courier, deciding, files, rate } = options;
  const { apply } = deciding;
  const letter = deciding.compose(mail, to, files.textPath(mail));
  if (letter.file !== undefined) await files.saveText(mail, letter.file);
  const prepared = await courier.prepare(to, mail, letter.handed);
  if (prepared.type !== 'Done') return put(box, notDone(mail, prepared, options));
  const begun = apply.begun(mail, to.pane?.run ?? '', clock.now());
  await put(box, begun);
  rate.take(clock.now());
  box.lastBegunAt = clock.now();
  const handed = await courier.hand(to, mail, letter.handed);
  switch (handed.type) {
    case 'Done':
      return put(
        box,
        handed.accepted
          ? apply.ended(begun, 'Confirmed', clock.now(), { reason: 'Accepted' })
          : apply.typed(begun, clock.now()),
      );
    case 'NotDone':
      // In this order: as long as it counts as begun, what waits in the buffer is what says that it was not typed.
      await put(box, notDone(begun, handed, options));
      return courier.discard(to, mail);
    case 'Unknown':
      // It stays as begun: what is looked at next decides.
      return;
  }
}

function notDone(
  mail: Mail,
  handed: Exclude<Handed, { readonly type: 'Done' }>,
  { clock, deciding }: PostmanOptions,
): Mail {
  const { apply } = deciding;
  if (handed.type === 'Unknown') return apply.failed(mail, clock.now(), { reason: 'NotLooked', detail: handed.detail });
  const { isTry, reason, detail } = handed;
  return isTry ? apply.failed(mail, clock.now(), { reason, detail }) : apply.putBack(mail, reason);
}
