import type { DesiredCompletion, DesiredRule } from '../../api/completing.ts';
import type { CompletionStatus } from '../../api/generated/all.ts';

/** Signs that somebody has to go and look at. */
export function isLookedFor({ sign }: DesiredRule): boolean {
  return sign.type === 'Plan' || sign.type === 'File' || isCostly({ sign });
}

/** A command takes its time, a judge money as well, and a screen is looked at with tmux. */
function isCostly({ sign }: Pick<DesiredRule, 'sign'>): boolean {
  return sign.type === 'Command' || sign.type === 'Judge' || sign.type === 'Screen';
}

/** Whether it is worth a look: what costs more waits until all but such could be enough. */
export function matters(
  rule: DesiredRule,
  completion: DesiredCompletion,
  status: CompletionStatus | undefined,
): boolean {
  if (!isCostly(rule)) return true;
  const { rules, require, quorum } = completion;
  const needed = require === 'All' ? rules.length : require === 'Any' ? 1 : quorum;
  const costly = rules.filter(isCostly).length;
  const isMet = ({ name }: DesiredRule): boolean =>
    status?.rules.some((one) => one.name === name && one.status === 'True') === true;
  return rules.filter((one) => !isCostly(one) && isMet(one)).length + costly >= needed;
}
