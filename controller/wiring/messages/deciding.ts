import { apply } from '../../reconcile/mailbox/apply.ts';
import { compose } from '../../reconcile/mailbox/compose.ts';
import { nextStep } from '../../reconcile/mailbox/next-step.ts';
import { notAhead } from '../../reconcile/mailbox/not-ahead.ts';
import { superseded } from '../../reconcile/mailbox/order.ts';
import type { Deciding } from '../../runtime/mailbox/deciding.ts';

/** The decisions on mailboxes, in the postman's words. */
export const deciding: Deciding = {
  next({ to: { program, says, lastExit }, ...input }) {
    const { delivery, dialogs = [], reading } = program;
    const recordsPrompts =
      reading?.sources.some(({ rules }) => rules.some(({ prompt }) => prompt !== undefined)) ?? false;
    return nextStep({ ...input, says, lastExit, delivery, dialogs, recordsPrompts });
  },
  superseded,
  notAhead,
  compose: (mail, { program }, path) => compose(mail, program.delivery ?? {}, path),
  apply,
};
