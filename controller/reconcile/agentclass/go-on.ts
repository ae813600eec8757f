import type { LimitStatus } from '../../api/generated/all.ts';
import type { Word } from '../../api/word.ts';
import type { ClassInput } from './class-input.ts';

const GO_ON = 'The usage limit is over. Go on with your work where you left off.';

/** Agents that stand where the limit stopped them are told to go on, unless they go on by themselves or a person says when. */
export function goOnWords({ spec, members }: ClassInput, limit: LimitStatus | undefined): Word[] {
  const { endedAt, until } = limit ?? {};
  if (endedAt === undefined || until !== undefined || spec.delivery === undefined) return [];
  const over = Date.parse(endedAt);
  return members.flatMap(({ member, reading }): Word[] => {
    const policy = member.policy ?? spec.limits?.policy ?? 'resume';
    const stands = member.alive && reading?.state === 'Limited' && reading.at <= over;
    if (!stands || policy !== 'resume') return [];
    const { project, projectUid, agent, uid } = member;
    const text = spec.limits?.goOn ?? GO_ON;
    return [
      { project, projectUid, agent, uid, topic: 'limit-over', occasion: over, text, manner: { afterLimit: over } },
    ];
  });
}
