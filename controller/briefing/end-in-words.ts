import type { AgentStatus } from '../api/generated/all.ts';

type Ended = Pick<AgentStatus, 'termination' | 'lastExit'>;
type Termination = NonNullable<AgentStatus['termination']>['reason'];

/** Absent: what never leads to another start, or says nothing to the agent. */
const TERMINATIONS: Readonly<Partial<Record<Termination, string>>> = {
  SpecChanged: 'your settings were changed',
  LivenessFailed: 'your liveness probe failed',
  Detached: 'you had lost your terminal',
  Hung: 'nothing had moved for a long time',
  ShellWithoutAgent: 'your program had ended, and a shell was left in its place',
  AccountRestored: 'your account can be used again',
  Restarted: 'a person had you started again',
  Suspended: 'your project was suspended',
};

/** Why an agent is started again, for the agent itself; undefined if nothing of it is known. */
export function endInWords({ termination, lastExit }: Ended): string | undefined {
  return (termination && TERMINATIONS[termination.reason]) ?? (lastExit && exitInWords(lastExit));
}

function exitInWords({ reason, exitCode, signal, endedFor }: NonNullable<Ended['lastExit']>): string {
  if (endedFor === 'Down') return "a person had ended everything ('muxlet down')";
  if (endedFor === 'Rebooted') return 'the machine was started anew';
  switch (reason) {
    case 'Completed':
      return 'your program had ended by itself, with exit code 0';
    case 'Error':
      return `your program had ended with exit code ${exitCode ?? 'unknown'}`;
    case 'Signal':
      return `your program was ended by signal ${signal ?? 'unknown'}`;
    case 'OOMKilled':
      return 'your program was ended for want of memory';
    case 'PaneGone':
      return 'your terminal was closed';
    case 'Unknown':
      return 'your program had ended';
  }
}
