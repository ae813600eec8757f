/** What becomes of what agents say of themselves. Pure. Only typed reports are routed, and only to the hub. */
import type { EventNote } from '../../api/decision.ts';
import type { KnownProject } from '../../api/directory.ts';
import type { Message } from '../../api/generated/all.ts';
import { API_VERSION } from '../../api/kinds.ts';
import type { Report } from '../../api/report.ts';

export interface Routed {
  /** Absent: it is not taken for the agent's word. */
  readonly report?: Report;
  readonly message?: Message;
  readonly event?: EventNote;
}

/** @param runs the present run of the agent, and the one before: it may have reported and ended */
export function route(report: Report, project: KnownProject | undefined, runs: readonly string[]): Routed {
  const isKnown = project?.agents.some(({ name }) => name === report.agent) ?? false;
  if (project === undefined || project.uid !== report.uid || !isKnown || !runs.includes(report.run)) {
    const message = `a report of ${report.project}/${report.agent} (${report.type}) is of no run that is known; it is left out`;
    return { event: { type: 'Normal', reason: 'ReportRefused', message } };
  }
  if (report.type === 'status') return { report };
  if (project.hub !== undefined && project.hub !== report.agent) {
    return {
      report,
      message: toHub(
        `report-${report.id}`,
        { project: project.name, hub: project.hub },
        sentence(report),
        report.agent,
      ),
    };
  }
  const { agent } = report;
  const message = `agent ${agent}: ${sentence(report)}`;
  if (report.type === 'done') return { report, event: { type: 'Normal', reason: 'ReportedDone', message, agent } };
  return { report, event: { type: 'Warning', reason: 'ReportedBlocked', message, agent } };
}

function sentence({ type, agent, text }: Report): string {
  return `report of ${agent}, ${type}${text === '' ? '' : `: ${text}`}`;
}

/** The controller's own words to the hub; the same name is sent once. */
export function toHub(
  name: string,
  { project, hub }: { readonly project: string; readonly hub: string },
  text: string,
  from?: string,
): Message {
  return {
    apiVersion: API_VERSION,
    kind: 'Message',
    metadata: { name },
    spec: {
      to: { project, agent: hub },
      text,
      // Before what waits of everyday talk: somebody may be waiting for the answer.
      priority: 10,
      ...(from !== undefined && { from: { project, agent: from } }),
    },
  };
}
