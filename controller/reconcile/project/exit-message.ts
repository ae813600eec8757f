import type { Exit } from '../../api/generated/all.ts';
import { REBOOTED, TAKEN_DOWN } from './exits.ts';

/** `exited with 1 after 2 s: last line of its output` */
export function exitMessage(exit: Exit | undefined): string {
  if (exit === undefined) return '';
  const { startedAt, finishedAt, output } = exit;
  const seconds = startedAt === undefined ? undefined : (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  // A clock that was set back in between measures nothing.
  const after = seconds === undefined || seconds < 0 ? '' : ` after ${seconds.toFixed(1)} s`;
  const last = output.at(-1);
  return `${howItEnded(exit)}${after}${last === undefined ? '' : `: ${last}`}`;
}

function howItEnded({ reason, exitCode, signal, endedFor }: Exit): string {
  switch (reason) {
    case 'PaneGone':
      if (endedFor === TAKEN_DOWN) return "ended by 'muxlet down'";
      return endedFor === REBOOTED ? 'it ended with the machine' : 'its pane was removed';
    case 'OOMKilled':
      return 'the system ended it for want of memory';
    case 'Signal':
      return `ended by signal ${signal}`;
    case 'Completed':
    case 'Error':
      return `exited with ${exitCode}`;
    case 'Unknown':
      return 'ended, and tmux does not know how';
  }
}
