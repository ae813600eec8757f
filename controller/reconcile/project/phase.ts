import type { ProjectStatus } from '../../api/generated/all.ts';
import type { Fact } from './conditions.ts';

export type Phase = ProjectStatus['phase'];

/** What is under way: one of these may become any other, as accounts, queues and people have it. */
const UNDER_WAY = [
  'Pending',
  'Queued',
  'Authenticating',
  'Running',
  'Recovering',
  'Zombie',
  'Verifying',
  'Suspended',
  'Terminating',
] as const;
const OVER = ['Completed', 'Failed'] as const;
/** What is over is begun anew, before anything else. */
const BEGUN_ANEW = [
  'Pending',
  'Queued',
  'Initializing',
  'Authenticating',
  'SettingUp',
  'Running',
  'Suspended',
  'Terminating',
  // What outlived the end of its terminal is ended first.
  'Zombie',
] as const;

/**
 * Which phase may follow which, beside itself. Nothing is decided from it: it says what the stages of an attempt and the
 * facts of its agents can come to.
 */
export const PHASES_AFTER = {
  Pending: [...UNDER_WAY, 'Initializing', 'SettingUp', 'TimingOut', ...OVER],
  Queued: [...UNDER_WAY, 'Initializing', 'SettingUp', ...OVER],
  Initializing: [...UNDER_WAY, 'SettingUp', 'TimingOut', ...OVER],
  Authenticating: [...UNDER_WAY, 'Initializing', 'SettingUp', 'TimingOut', ...OVER],
  SettingUp: [...UNDER_WAY, 'Initializing', 'TimingOut', ...OVER],
  // What has run is not set up once more: it recovers.
  Running: [...UNDER_WAY, 'TimingOut', ...OVER],
  Recovering: [...UNDER_WAY, 'TimingOut', ...OVER],
  TimingOut: [...UNDER_WAY, ...OVER],
  Zombie: [...UNDER_WAY, 'TimingOut', ...OVER],
  Verifying: [...UNDER_WAY, 'Initializing', 'SettingUp', 'TimingOut', ...OVER],
  Suspended: [...UNDER_WAY, 'Initializing', 'SettingUp', 'TimingOut', ...OVER],
  Completed: BEGUN_ANEW,
  Failed: BEGUN_ANEW,
  Terminating: [],
} as const satisfies Readonly<Record<Phase, readonly Phase[]>>;

/** The summary of the conditions that people read. Nothing is ever decided from it. */
export function phaseOf(facts: readonly Fact[], deleting: boolean, previous: Phase | undefined): Phase {
  const fact = (type: Fact['type']): Fact | undefined => facts.find((candidate) => candidate.type === type);
  if (deleting) return 'Terminating';
  const complete = fact('Complete');
  if (complete !== undefined) return complete.status === 'True' ? 'Completed' : 'Failed';
  if (fact('WithinDeadline')?.status === 'False') return 'TimingOut';
  const admitted = fact('Admitted');
  if (admitted?.status === 'False') return admitted.reason === 'Suspended' ? 'Suspended' : 'Queued';
  // The work seems done: what becomes of its agents meanwhile is another matter.
  const verified = fact('Verified');
  if (verified?.reason === 'Verifying' || verified?.reason === 'FinishFailed') return 'Verifying';
  // Whatever else is so: nothing goes on before somebody has logged in.
  if (fact('Authenticated')?.status === 'False') return 'Authenticating';
  if (fact('Reconciling')?.reason === 'Zombie') return 'Zombie';
  const ready = fact('Ready');
  if (ready?.status === 'True') return 'Running';
  // Not to know is no news: the summary stays.
  if (ready?.status === 'Unknown') return previous ?? 'Pending';
  if (fact('Accepted')?.status === 'False' || fact('Stalled')?.reason === 'NameConflict') return 'Pending';
  const agents = fact('AgentsReady');
  // Some are stuck and left so: nothing recovers, and the others work on.
  if (agents !== undefined && isLeftStuck(agents)) return 'Running';
  if (hasRun(previous) || wentDown(agents)) return 'Recovering';
  return isBeingSetUp(fact('WorkspaceReady')) ? 'SettingUp' : 'Initializing';
}

/** Work trees are on their way, and nobody has to do anything for that. */
function isBeingSetUp(workspace: Fact | undefined): boolean {
  return workspace?.reason === 'WorkTreePreparing' || workspace?.reason === 'SettingUp';
}

function isLeftStuck({ reason }: Fact): boolean {
  return reason === 'RecoveriesExhausted' || reason === 'Hung' || reason === 'ShellWithoutAgent';
}

function wentDown(agents: Fact | undefined): boolean {
  const { reason } = agents ?? {};
  return reason === 'CrashLoopBackOff' || reason === 'Failed' || reason === 'RetryBackoff';
}

function hasRun(previous: Phase | undefined): boolean {
  return previous === 'Running' || previous === 'Recovering' || previous === 'TimingOut' || previous === 'Zombie';
}
