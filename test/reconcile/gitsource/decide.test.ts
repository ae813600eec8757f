import { describe, expect, test } from 'vitest';
import type { FinishedLook, SourceInput } from '../../../controller/api/following.ts';
import type { GitSourceStatus } from '../../../controller/api/generated/all.ts';
import type { CurrentRevision, LookOutcome } from '../../../controller/api/git-revision.ts';
import { decideSource } from '../../../controller/reconcile/gitsource/decide.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const CURRENT: CurrentRevision = {
  revision: 'main@sha1:1111111',
  commit: '1111111',
  path: '',
  url: '/r',
  folder: '1111111-0',
  files: [],
  prune: true,
  takenAt: new Date(NOW).toISOString(),
  objects: [{ kind: 'Project', name: 'web', file: 'web.yaml' }],
};
const TAKEN: LookOutcome = { type: 'Taken', revision: CURRENT.revision, news: '1 object: 1 new' };
const FAILED: LookOutcome = { type: 'Failed', reason: 'FetchFailed', message: 'no answer' };
const REFUSED: LookOutcome = {
  type: 'Refused',
  reason: 'RevisionInvalid',
  message: 'gitsource/team@2222222:web.yaml:1:1: wrong',
  revision: 'main@sha1:2222222',
  problems: [],
};

function input(over: Partial<SourceInput> = {}): SourceInput {
  return {
    spec: { url: '/r' },
    generation: 1,
    previous: undefined,
    current: undefined,
    kept: [],
    running: false,
    finished: undefined,
    begunFor: 1,
    hinted: false,
    asked: undefined,
    unmet: undefined,
    now: NOW,
    chance: 0,
    ...over,
  };
}

function finished(outcome: LookOutcome, over: Partial<FinishedLook> = {}): Pick<SourceInput, 'finished'> {
  return { finished: { outcome, generation: 1, asked: undefined, ...over } };
}

const factOf = (status: GitSourceStatus, type: string) => {
  const found = status.conditions.find((condition) => condition.type === type);
  return found === undefined ? undefined : `${found.status} ${found.reason}`;
};
/** The status after a look that ended well just now. */
const good = (): GitSourceStatus => decideSource(input({ current: CURRENT, ...finished(TAKEN) })).status;

describe('a look is begun', () => {
  test.each<[string, Partial<SourceInput>]>([
    [
      'at the start of the controller, whatever was on record',
      { begunFor: undefined, previous: good(), current: CURRENT },
    ],
    ['for another spec', { generation: 2, previous: good(), current: CURRENT }],
    ['when somebody says that there is something new', { hinted: true, previous: good(), current: CURRENT }],
    ['when a person asks for it', { asked: 'a', previous: good(), current: CURRENT }],
    ['when its time has come', { previous: good(), current: CURRENT, now: NOW + 60_000 }],
    ['when the clock was set back by days', { previous: good(), current: CURRENT, now: NOW - 100_000_000 }],
    ['when its files were taken away', { previous: good() }],
  ])('%s', (_title, over) => {
    expect(decideSource(input(over)).begin).toBe(true);
  });

  test.each<[string, Partial<SourceInput>]>([
    ['while one is under way', { running: true, hinted: true }],
    ['while it is suspended', { spec: { url: '/r', suspend: true }, begunFor: undefined, hinted: true }],
    ['while others are not Ready', { unmet: { reason: 'DependencyPending', message: 'it waits' }, hinted: true }],
    ['before its time', { previous: good(), current: CURRENT, now: NOW + 59_000 }],
    [
      'for a request that was answered',
      { previous: { ...good(), lastHandledReconcileAt: 'a' }, asked: 'a', current: CURRENT },
    ],
  ])('not %s', (_title, over) => {
    expect(decideSource(input(over)).begin).toBe(false);
  });

  test('after failures ever less often, up to an hour', () => {
    let previous = good();
    const waits: number[] = [];
    for (let n = 0; n < 12; n++) {
      const decision = decideSource(input({ previous, current: CURRENT, ...finished(FAILED) }));
      previous = decision.status;
      waits.push((decision.againMs ?? 0) / 1000);
    }
    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]);
    expect(previous.failures).toBe(12);
    const back = decideSource(input({ previous, current: CURRENT, ...finished(TAKEN) })).status;
    expect(back.failures).toBe(0);
  });

  test('after a commit that was refused at the next interval: another one may come at any time', () => {
    expect(decideSource(input({ previous: good(), current: CURRENT, ...finished(REFUSED) })).againMs).toBe(60_000);
  });
});

describe('what is said', () => {
  test('of a revision that was taken', () => {
    const { status, events } = decideSource(input({ current: CURRENT, ...finished(TAKEN, { asked: 'a' }) }));
    expect(status).toMatchObject({ revision: CURRENT.revision, lastHandledReconcileAt: 'a', failures: 0 });
    expect(['Ready', 'Reconciling', 'Stalled'].map((type) => factOf(status, type))).toEqual([
      'True RevisionTaken',
      'False RevisionTaken',
      'False RevisionTaken',
    ]);
    expect(events).toEqual([
      { type: 'Normal', reason: 'RevisionTaken', message: 'main@sha1:1111111: 1 object: 1 new' },
    ]);
  });

  test('nothing more, when nothing changed', () => {
    const again = input({ previous: good(), current: CURRENT, ...finished({ ...TAKEN, news: '' }) });
    expect(decideSource(again).events).toEqual([]);
  });

  test('of one that was refused: what stays in force, and that a person must act', () => {
    const { status, events } = decideSource(input({ previous: good(), current: CURRENT, ...finished(REFUSED) }));
    expect(status).toMatchObject({ revision: CURRENT.revision, attemptedRevision: REFUSED.revision });
    expect([factOf(status, 'Ready'), factOf(status, 'Stalled')]).toEqual([
      'False RevisionInvalid',
      'True RevisionInvalid',
    ]);
    expect(events[0]?.message).toContain('web.yaml:1:1');
    expect(events[0]?.message).toContain('main@sha1:1111111 stays in force');
    const after = decideSource(input({ previous: status, current: CURRENT, ...finished({ ...TAKEN, news: '' }) }));
    expect(after.status.attemptedRevision).toBeUndefined();
    expect(after.events).toHaveLength(1);
  });

  test('of a server that is down: no person is called', () => {
    const { status } = decideSource(input({ previous: good(), current: CURRENT, ...finished(FAILED) }));
    expect([factOf(status, 'Ready'), factOf(status, 'Stalled')]).toEqual(['False FetchFailed', 'False FetchFailed']);
  });

  test('of another spec nothing yet, and an answer for an older one counts for nothing', () => {
    const { status, begin } = decideSource(
      input({ generation: 2, begunFor: 1, previous: good(), current: CURRENT, ...finished(FAILED) }),
    );
    expect([factOf(status, 'Ready'), status.observedGeneration, begin]).toEqual(['Unknown NotFetched', 2, true]);
  });

  test('of a suspended one what is in force, and after that nothing old', () => {
    const suspended = decideSource(
      input({ spec: { url: '/r', suspend: true }, previous: good(), current: CURRENT }),
    ).status;
    expect(factOf(suspended, 'Ready')).toBe('True Suspended');
    expect(factOf(decideSource(input({ previous: suspended, current: CURRENT })).status, 'Ready')).toBe(
      'Unknown NotFetched',
    );
  });

  test('of signatures, where they are asked for', () => {
    const spec = { url: '/r', verify: { allowedSigners: '/a' } };
    const signed = { ...CURRENT, signer: 'alice' };
    expect(factOf(decideSource(input({ spec, current: signed, ...finished(TAKEN) })).status, 'SourceVerified')).toBe(
      'True SignatureVerified',
    );
    const unsigned: LookOutcome = { ...REFUSED, reason: 'NotSigned', message: 'x' };
    expect(factOf(decideSource(input({ spec, current: signed, ...finished(unsigned) })).status, 'SourceVerified')).toBe(
      'False NotSigned',
    );
    expect(factOf(good(), 'SourceVerified')).toBeUndefined();
  });
});
