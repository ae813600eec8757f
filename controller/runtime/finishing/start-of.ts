import { MuxletError } from '../../api/errors.ts';
import type { FinishRequest } from '../../api/finish-request.ts';
import { FINISHER_EMAIL } from '../../api/finishing.ts';
import type { HistoryLooks, Tip } from './ports.ts';

/**
 * What branches are merged into: the result of the round before, so that only what is new comes in. It is begun anew
 * from the base if the base has moved, or if a branch has left what was merged of it (it was rebased, or thrown back):
 * the result would hold what nobody wants any more, beside what took its place. Where somebody else has committed to
 * the result, it goes on: their work is in nothing else.
 */
export async function startOf(
  { base }: Pick<FinishRequest, 'base'>,
  { tips, before }: { readonly tips: readonly Tip[]; readonly before: string | undefined },
  history: HistoryLooks,
): Promise<string> {
  const origin = base === undefined ? tips[0]?.commit : await history.commitOf(base);
  if (origin === undefined) throw new MuxletError('MUX_NOT_FOUND', `there is no commit ${base ?? ''} to begin from`);
  if (before === undefined || !(await history.isAncestor(origin, before))) return origin;
  const steps = await history.stepsSince(origin, before);
  if (steps.some(({ email }) => email !== FINISHER_EMAIL)) return before;
  const still = await Promise.all(steps.flatMap(({ merged }) => merged).map((commit) => isStillWanted(commit)));
  return still.every(Boolean) ? before : origin;

  async function isStillWanted(commit: string): Promise<boolean> {
    for (const tip of tips) if (await history.isAncestor(commit, tip.commit)) return true;
    return false;
  }
}
