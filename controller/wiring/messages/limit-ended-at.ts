import { keyOf } from '../../api/key.ts';
import type { StoredClass } from '../../runtime/accounts/class-worker.ts';
import type { Addressee } from '../../runtime/mailbox/ports.ts';
import type { StateStore } from '../../runtime/ports.ts';

/**
 * When the last usage limit of an agent's account ended, in milliseconds since the epoch. Undefined where a person is to say
 * when, or the program goes on by itself: nobody is spoken to there while it shows the limit.
 */
export function limitEndedAt(
  state: Pick<StateStore, 'object'>,
  { class: name, limits }: Addressee,
): number | undefined {
  const stored = state.object(keyOf('AgentClass', name)) as unknown as StoredClass | undefined;
  const { endedAt, until } = stored?.status.limit ?? {};
  return limits !== 'resume' || endedAt === undefined || until !== undefined ? undefined : Date.parse(endedAt);
}
