import type { AgentClassStatus } from '../../api/generated/all.ts';
import type { Check, Finding } from './facts.ts';

/** What the controller found of the programs of the agents that there are, and of their accounts. */
export const checkClasses: Check = ({ classes }) => classes.flatMap(({ name, status }) => findings(name, status));

/** By the reason of the condition. What is not here says in its message what to do, or ends by itself. */
const REMEDIES: Readonly<Record<string, string>> = {
  ProgramMissing: 'install it, or start the controller from an environment whose PATH has it',
  VersionNotSeen: 'see whether states are read rightly, then widen version.seen of the class',
  PatternInvalid: 'correct the field that is named',
};

function findings(name: string, { conditions, program = '', version }: AgentClassStatus): readonly Finding[] {
  const check = `class ${name}`;
  const wrong = conditions.flatMap(({ type, status, reason, message }): Finding[] => {
    if (status !== 'False') return [];
    const result = type === 'VersionSeen' || type === 'WithinLimits' ? 'INFO' : 'WARN';
    const remedy = REMEDIES[reason];
    return [{ check, result, message: `${reason}: ${message}`, ...(remedy !== undefined && { remedy }) }];
  });
  if (wrong.length > 0) return wrong;
  const found = [program, version].filter((part) => part !== undefined && part !== '').join(' ');
  return [{ check, result: 'OK', message: found === '' ? 'nothing to check' : found }];
}
