import type { ProjectInput } from '../../api/decision.ts';
import type { AgentReport } from '../../api/generated/all.ts';

/** What an agent last said of itself; it stays said, whatever becomes of the agent or of the controller. */
export function reportOf(agent: string, { observed, previous }: ProjectInput): AgentReport | undefined {
  const before = previous?.agents.find(({ name }) => name === agent)?.report;
  const now = observed.reports?.get(agent);
  if (now === undefined) return before;
  // A controller that has just begun does not know any more what was said before a report of the status.
  const stands =
    now.type === 'status' && now.doneAt === undefined && now.run === before?.run ? before?.doneAt : undefined;
  return stands === undefined ? now : { ...now, doneAt: stands };
}
