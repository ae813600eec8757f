import type { FinishedLook, SourceInput } from '../../api/following.ts';
import type { Condition, GitSourceStatus } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';
import { toldAddress } from '../../api/told-address.ts';

export interface SourceFact {
  readonly type: 'Ready' | 'Reconciling' | 'Stalled' | 'SourceVerified';
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
}

/** Only a person can help. Everything is tried again all the same: what a person does is not told to us. */
const NEEDS_A_PERSON: ReadonlySet<string> = new Set<Reason>([
  'RevisionInvalid',
  'RevisionTooLarge',
  'NotSigned',
  'PathMissing',
  'RefMissing',
  'CredentialsUnreadable',
  'ProgramMissing',
  'DependencyMissing',
  'DependencyCycle',
]);

/** Facts that a look has nothing to do with; they do not outlive their cause. */
const WAITING: ReadonlySet<string> = new Set<Reason>([
  'Suspended',
  'DependencyMissing',
  'DependencyCycle',
  'DependencyPending',
  'NotFetched',
]);

export function factsOf(input: SourceInput, { isLooking }: { readonly isLooking: boolean }): SourceFact[] {
  const ready = readyOf(input);
  const stalled = ready.status === 'False' && NEEDS_A_PERSON.has(ready.reason);
  const verified = verifiedOf(input);
  return [
    ready,
    isLooking
      ? {
          type: 'Reconciling',
          status: 'True',
          reason: 'Fetching',
          message: `${toldAddress(input.spec.url)} is being looked at`,
        }
      : { type: 'Reconciling', status: 'False', reason: ready.reason, message: '' },
    {
      type: 'Stalled',
      status: stalled ? 'True' : 'False',
      reason: ready.reason,
      message: stalled ? ready.message : '',
    },
    ...(verified === undefined ? [] : [verified]),
  ];
}

function readyOf(input: SourceInput): SourceFact {
  const { spec, generation, previous, current, unmet } = input;
  const type = 'Ready';
  const standing = current === undefined ? 'nothing of it is in force' : `${current.revision} stays in force`;
  if (spec.suspend === true) {
    const message = `it is suspended: ${standing}, and the repository is not looked at`;
    return { type, status: current === undefined ? 'False' : 'True', reason: 'Suspended', message };
  }
  if (unmet !== undefined) return { type, status: 'False', ...unmet, message: `${unmet.message}; ${standing}` };
  const finished = input.finished?.generation === generation ? input.finished : undefined;
  if (finished !== undefined) return judged(finished, input);
  const before = conditionOf(previous, type);
  const isLost = before?.status === 'True' && current === undefined;
  if (before === undefined || isLost || WAITING.has(before.reason) || before.observedGeneration !== generation) {
    return { type, status: 'Unknown', reason: 'NotFetched', message: `not looked at yet; ${standing}` };
  }
  return { type, status: before.status, reason: before.reason as Reason, message: before.message };
}

function judged({ outcome }: FinishedLook, { current }: SourceInput): SourceFact {
  if (outcome.type === 'Taken') {
    const { length } = current?.objects ?? [];
    const message = `${outcome.revision} is in force: ${length} ${length === 1 ? 'object' : 'objects'}`;
    return { type: 'Ready', status: 'True', reason: 'RevisionTaken', message };
  }
  const what = outcome.type === 'Refused' && outcome.revision !== undefined ? `${outcome.revision} is not taken: ` : '';
  const standing = current === undefined ? '' : `; ${current.revision} stays in force`;
  return { type: 'Ready', status: 'False', reason: outcome.reason, message: `${what}${outcome.message}${standing}` };
}

function verifiedOf({ spec, finished, previous, current }: SourceInput): SourceFact | undefined {
  if (spec.verify === undefined) return undefined;
  const type = 'SourceVerified';
  const outcome = finished?.outcome;
  if (outcome?.type === 'Refused' && outcome.reason === 'NotSigned') {
    return { type, status: 'False', reason: 'NotSigned', message: outcome.message };
  }
  if (outcome?.type === 'Taken' && current?.signer !== undefined) {
    return { type, status: 'True', reason: 'SignatureVerified', message: `signed by ${current.signer}` };
  }
  const before = conditionOf(previous, type);
  if (before === undefined) return { type, status: 'Unknown', reason: 'NotFetched', message: '' };
  return { type, status: before.status, reason: before.reason as Reason, message: before.message };
}

export function conditionOf(status: GitSourceStatus | undefined, type: string): Condition | undefined {
  return status?.conditions.find((condition) => condition.type === type);
}
