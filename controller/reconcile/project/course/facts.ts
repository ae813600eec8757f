import type { ProjectInput } from '../../../api/decision.ts';
import type { RunStatus } from '../../../api/generated/all.ts';
import type { Reason } from '../../../api/reasons.ts';
import type { AgentPlan } from '../agent-plan.ts';
import type { Fact } from '../conditions.ts';

/** Whether it has its result; nothing while it may still get one. */
export function completeFact(run: RunStatus | undefined): Fact[] {
  if (run?.stage !== 'Finished') return [];
  const { result, reason = 'Completed', message } = run;
  const status = result === 'Completed' ? 'True' : 'False';
  return [{ type: 'Complete', status, reason: reason as Reason, ...(message !== undefined && { message }) }];
}

/** Whether there is time left; nothing where there is no deadline, or none that counts any more. */
export function deadlineFact(run: RunStatus | undefined, { desired }: ProjectInput): Fact[] {
  if (desired.type !== 'Present' || run === undefined) return [];
  if (run.stage === 'TimingOut') {
    const message = 'its time is over; its agents were asked to save and report';
    return [{ type: 'WithinDeadline', status: 'False', reason: 'DeadlineExceeded', message }];
  }
  if (run.stage === 'Ending' && run.reason === 'DeadlineExceeded') {
    const message = `${run.message ?? ''}; its agents are being ended`;
    return [{ type: 'WithinDeadline', status: 'False', reason: 'DeadlineExceeded', message }];
  }
  if (desired.project.course.deadline === undefined || run.stage !== 'Active') return [];
  return [{ type: 'WithinDeadline', status: 'True', reason: 'WithinDeadline' }];
}

/** A result and agents that work on contradict each other: neither is undone, and a person is told. */
export function stillRunning(run: RunStatus | undefined, plans: readonly AgentPlan[]): Fact | undefined {
  if (run?.stage !== 'Finished') return undefined;
  const running = plans.filter(({ view, next }) => view.life.type === 'Running' && next.type === 'Keep');
  if (running.length === 0) return undefined;
  const names = running.map(({ view }) => view.name).join(', ');
  const message = `it is over (${run.result ?? ''}), and agents run in it that nobody started for it: ${names}; they are left alone`;
  return { type: 'Stalled', status: 'True', reason: 'StillRunning', message };
}
