import type { Message } from '../../api/generated/all.ts';
import { keyOf } from '../../api/key.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { GO_ON } from '../../api/mail.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Saying, StoredClass } from '../../runtime/accounts/class-worker.ts';
import type { Addressee } from '../../runtime/mailbox/ports.ts';
import type { StateStore } from '../../runtime/ports.ts';

export interface AfterLimitOptions {
  readonly state: Pick<StateStore, 'object'>;
  readonly isSent: (name: string) => boolean;
  readonly send: (message: Message) => void;
}

/** What the mailboxes have to do with the usage limit of an account. */
export function createAfterLimit({ state, isSent, send }: AfterLimitOptions) {
  return {
    /** Where a person is to say when, or the program goes on by itself, nobody is spoken to while it shows the limit. */
    limitEndedAt({ class: name, limits }: Addressee): number | undefined {
      const stored = state.object(keyOf('AgentClass', name)) as unknown as StoredClass | undefined;
      const { endedAt, until } = stored?.status.limit ?? {};
      return limits !== 'resume' || endedAt === undefined || until !== undefined ? undefined : Date.parse(endedAt);
    },
    /** The same is said once, however often it is asked for, and by however many controllers in turn. */
    say({ project, agent, text, dedupeKey }: Saying): void {
      const name = `${GO_ON}${hashOf([dedupeKey, project, agent])}`;
      if (isSent(name) || state.object(keyOf('Message', name)) !== undefined) return;
      const spec: Message['spec'] = { to: { project, agent }, text, dedupeKey: 'go-on' };
      send({ apiVersion: API_VERSION, kind: 'Message', metadata: { name }, spec });
    },
  };
}
