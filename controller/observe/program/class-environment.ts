import type { AgentClassSpec } from '../../api/generated/all.ts';
import { inheritedEnvironment, tmuxEnvironment } from '../../tmux/environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment in which a class's own checks run: what its agents are given of the controller's, and the class's own
 * variables, but those that stand in files or are templates.
 *
 * @param env the controller's environment.
 */
export function classEnvironment({ inherit = [], env: own = [] }: AgentClassSpec, env: Env): Record<string, string> {
  const set = own.flatMap(({ name, value, valueFrom }) => {
    const given = valueFrom?.env === undefined ? value : env[valueFrom.env];
    return given === undefined || given.includes('{{') ? [] : [[name, given] as const];
  });
  return { ...tmuxEnvironment(env), ...inheritedEnvironment(env, inherit), ...Object.fromEntries(set) };
}
