import type { AgentClassSpec } from '../../api/generated/all.ts';

/** Whether there is anything of the class that has to be found out before an agent of it is started. */
export function hasAccount({ program, command, auth, version }: AgentClassSpec): boolean {
  return program !== undefined || command !== undefined || auth !== undefined || version !== undefined;
}
