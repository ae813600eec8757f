import type { LimitStatus } from '../../api/generated/all.ts';
import type { ClassInput } from './class-input.ts';

/** Something that an agent is to be told; what has the same key is told once, however often it is asked for. */
export interface Saying {
  readonly project: string;
  readonly agent: string;
  readonly text: string;
  readonly dedupeKey: string;
}

const GO_ON = 'The usage limit is over. Go on with your work where you left off.';

/** Agents that stand where the limit stopped them are told to go on, unless they go on by themselves or a person says when. */
export function sayings({ name, spec, members }: ClassInput, limit: LimitStatus | undefined): Saying[] {
  const { endedAt, until } = limit ?? {};
  if (endedAt === undefined || until !== undefined) return [];
  const over = Date.parse(endedAt);
  return members.flatMap(({ member, reading }) => {
    const policy = member.policy ?? spec.limits?.policy ?? 'resume';
    const stands = member.alive && reading?.state === 'Limited' && reading.at <= over;
    if (!stands || policy !== 'resume') return [];
    const { project, agent } = member;
    return [{ project, agent, text: spec.limits?.goOn ?? GO_ON, dedupeKey: `limit-over-${name}-${over}` }];
  });
}
