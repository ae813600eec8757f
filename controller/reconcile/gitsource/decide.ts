/**
 * The decision about a GitSource: whether its repository is to be looked at now, and what there is to say of it. Pure.
 * What a look finds is put in force, or refused, by whoever looks; here it is only told.
 */
import type { EventNote } from '../../api/decision.ts';
import type { SourceDecision, SourceInput } from '../../api/following.ts';
import type { Condition, GitSourceStatus } from '../../api/generated/all.ts';
import { conditionOf, factsOf, type SourceFact } from './facts.ts';
import { isDue, nextLookAt } from './schedule.ts';

export function decideSource(input: SourceInput): SourceDecision {
  const { spec, running, unmet, now, finished, previous } = input;
  const seen = finished === undefined ? input : { ...input, previous: afterLook(input) };
  const begin = !running && spec.suspend !== true && unmet === undefined && isDue(seen);
  const facts = factsOf(input, { isLooking: running || begin });
  const status = statusOf(seen, facts);
  const waits = !running && !begin && spec.suspend !== true && unmet === undefined;
  return {
    status,
    events: eventsOf(input, facts, previous),
    begin,
    ...(waits && { againMs: Math.max(100, Date.parse(status.nextLookAt ?? '') - now || 0) }),
  };
}

/** The last status, with what the look says of times and requests. */
function afterLook(input: SourceInput): GitSourceStatus | undefined {
  const { finished, previous, now } = input;
  if (finished === undefined) return previous;
  const { outcome, asked } = finished;
  const failures = outcome.type === 'Failed' ? (previous?.failures ?? 0) + 1 : 0;
  const { attemptedRevision: _, ...before } = previous ?? {
    observedGeneration: 0,
    conditions: [],
    objects: [],
    kept: [],
  };
  return {
    ...before,
    failures,
    lookedAt: new Date(now).toISOString(),
    nextLookAt: new Date(nextLookAt(failures, input)).toISOString(),
    ...(asked !== undefined && { lastHandledReconcileAt: asked }),
    ...(outcome.type === 'Refused' && outcome.revision !== undefined && { attemptedRevision: outcome.revision }),
  };
}

function statusOf(input: SourceInput, facts: readonly SourceFact[]): GitSourceStatus {
  const { previous, current, generation, kept } = input;
  const { attemptedRevision, lookedAt, nextLookAt: next, failures = 0, lastHandledReconcileAt } = previous ?? {};
  return {
    observedGeneration: generation,
    conditions: facts.map((fact) => conditionFor(fact, input)),
    ...(current !== undefined && { revision: current.revision, takenAt: current.takenAt }),
    ...(current?.signer !== undefined && { signer: current.signer }),
    ...(attemptedRevision !== undefined && { attemptedRevision }),
    ...(lookedAt !== undefined && { lookedAt }),
    ...(next !== undefined && { nextLookAt: next }),
    failures,
    ...(lastHandledReconcileAt !== undefined && { lastHandledReconcileAt }),
    objects: [...(current?.objects ?? [])],
    kept: [...kept],
  };
}

function conditionFor(fact: SourceFact, { previous, generation, now }: SourceInput): Condition {
  const before = conditionOf(previous, fact.type);
  const since = before?.status === fact.status ? before.lastTransitionTime : new Date(now).toISOString();
  return { ...fact, lastTransitionTime: since, observedGeneration: generation };
}

/** Each finding of a look, and what it waits for once that is found. */
function eventsOf(
  { finished }: SourceInput,
  facts: readonly SourceFact[],
  previous: GitSourceStatus | undefined,
): readonly EventNote[] {
  const ready = facts.find(({ type }) => type === 'Ready');
  if (ready === undefined) return [];
  const before = conditionOf(previous, 'Ready');
  if (finished === undefined) {
    const isNews = ready.status === 'False' && before?.reason !== ready.reason && ready.reason !== 'Suspended';
    return isNews ? [{ type: 'Warning', reason: ready.reason, message: ready.message }] : [];
  }
  const { outcome } = finished;
  if (outcome.type === 'Taken') {
    if (outcome.news !== '') {
      return [{ type: 'Normal', reason: 'RevisionTaken', message: `${outcome.revision}: ${outcome.news}` }];
    }
    const isBack = before?.status === 'False';
    return isBack ? [{ type: 'Normal', reason: 'RevisionTaken', message: `${outcome.revision} is in force` }] : [];
  }
  return [{ type: 'Warning', reason: outcome.reason, message: ready.message }];
}
