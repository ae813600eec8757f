import type { DesiredAgent } from '../../../controller/api/desired.ts';

export const OWNER = { project: 'web', uid: 'uid-of-web' } as const;
export const STRANGER = { project: 'web', uid: 'uid-of-another' } as const;

export function agent(
  name: string,
  argv: readonly string[] = ['sleep', '1000'],
  rest: Partial<DesiredAgent> = {},
): DesiredAgent {
  return {
    name,
    class: 'shell',
    argv,
    args: [],
    workingDir: '/',
    env: [],
    restartPolicy: 'Always',
    backoff: { initialMs: 1000, maxMs: 1000, resetAfterMs: 1000 },
    stop: { graceMs: 1000 },
    program: {},
    approvals: [],
    checkIns: [],
    launchHash: 'hash-1',
    ...rest,
  };
}
