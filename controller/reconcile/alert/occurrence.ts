import type { Occurrence } from '../../api/alerting.ts';
import type { Event } from '../../api/generated/all.ts';
import { severityOf } from './severity.ts';

/** Labels of an object by its kind and name; none of one that is not there. */
export type LabelsOf = (kind: string, name: string) => Readonly<Record<string, string>>;

/** An event as filters and receivers see it: what happened to an agent happened to the agent, and not to its project. */
export function occurrenceOf(event: Event, labelsOf: LabelsOf): Occurrence {
  const { involvedObject, related, reason, message, type, lastTimestamp } = event;
  const { kind, name } = related ?? involvedObject;
  const project = involvedObject.kind === 'Project' ? involvedObject.name : undefined;
  return {
    kind,
    name,
    ...(project !== undefined && { project }),
    labels: labelsOf(involvedObject.kind, involvedObject.name),
    reason,
    severity: severityOf(reason, type),
    message,
    at: Date.parse(lastTimestamp),
  };
}
