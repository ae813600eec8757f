import type { AlertPolicy, Occurrence } from '../../../controller/api/alerting.ts';
import type { AlertSpec, Event } from '../../../controller/api/generated/all.ts';
import { policyOf } from '../../../controller/reconcile/alert/policy.ts';

export const T0 = Date.parse('2026-01-01T00:00:00.000Z');
export const SENDER = { alert: 'night', uid: '0123456789abcdef', receiver: 'oncall' } as const;

export function specOf(spec: Partial<AlertSpec> = {}): AlertSpec {
  return { receivers: [{ name: 'oncall', desktop: {} }], ...spec };
}

export function policy(spec: Partial<AlertSpec> = {}): AlertPolicy {
  return policyOf(specOf(spec));
}

export function occurrence(over: Partial<Occurrence> = {}): Occurrence {
  return {
    kind: 'Project',
    name: 'web',
    project: 'web',
    labels: {},
    reason: 'AgentFailed',
    severity: 'warning',
    message: 'attempt 1 was the last',
    at: T0,
    ...over,
  };
}

export function eventOf(over: Partial<Event> & { readonly at?: number } = {}): Event {
  const { at = T0, ...rest } = over;
  const time = new Date(at).toISOString();
  return {
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Event',
    metadata: { name: 'web.1' },
    type: 'Warning',
    reason: 'AgentFailed',
    message: 'attempt 1 was the last',
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    involvedObject: { kind: 'Project', name: 'web' },
    ...rest,
  };
}
