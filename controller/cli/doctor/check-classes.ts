import type { AgentClassStatus } from '../../api/generated/all.ts';
import type { Check, Finding } from './facts.ts';

/** What the controller found of the programs of the agents that there are, and of their accounts. */
export const checkClasses: Check = ({ classes }) => classes.flatMap(({ name, status }) => findings(name, status));

function findings(name: string, { conditions, program = '', version }: AgentClassStatus): readonly Finding[] {
  const check = `class ${name}`;
  const wrong = conditions.flatMap(({ type, status, reason, message }): Finding[] => {
    if (status !== 'False') return [];
    const result = type === 'VersionSeen' || type === 'WithinLimits' ? 'INFO' : 'WARN';
    return [{ check, result, message: `${reason}: ${message}` }];
  });
  if (wrong.length > 0) return wrong;
  const found = [program, version].filter((part) => part !== undefined && part !== '').join(' ');
  return [{ check, result: 'OK', message: found === '' ? 'nothing to check' : found }];
}
