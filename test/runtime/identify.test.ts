import { describe, expect, test } from 'vitest';
import { OVERLAY } from '../../controller/api/admission.ts';
import type { Desired } from '../../controller/api/desired.ts';
import type { StoredObject } from '../../controller/api/metadata.ts';
import { identify, renewedObject } from '../../controller/runtime/identify.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const REJECTED: Desired = { type: 'Rejected', reason: 'UnknownClass', message: '', specHash: 'new' };

const STORED: StoredObject = {
  apiVersion: 'muxlet.dev/v1alpha1',
  kind: 'Project',
  metadata: { name: 'web', uid: 'old', generation: 7, creationTimestamp: '2026-01-01T00:00:00.000Z', finalizers: [] },
  specHash: 'old',
  status: { observedGeneration: 7, phase: 'Failed', conditions: [], agents: [] },
};

function identified(reset: string | undefined, stored: StoredObject | undefined) {
  return identify({
    name: 'web',
    stored,
    desired: REJECTED,
    tmux: { state: 'Known', at: 0, value: { sessions: [], panes: [] } },
    now: NOW,
    newUid: () => 'new',
    overlay: () => (reset === undefined ? {} : { [OVERLAY.reset]: reset }),
  });
}

describe('a reset', () => {
  test('removes the object that it names, whatever its spec says', () => {
    expect(identified('old', STORED)).toMatchObject({
      meta: { uid: 'old', generation: 7, deletionTimestamp: '2026-03-01T12:00:00.000Z' },
      desired: { type: 'Absent', confirmed: true },
    });
  });

  test.each([
    ['nobody asked for it', undefined, STORED],
    ['it named another object', 'older', STORED],
    ['there is no object yet', 'old', undefined],
  ])('removes nothing where %s', (_, reset, stored) => {
    const identity = identified(reset, stored);
    expect(identity?.meta.deletionTimestamp).toBeUndefined();
    expect(identity?.desired).toBe(REJECTED);
  });

  test('[S30] leaves a new object with nothing of the old one but its attempts', () => {
    const attempts = [
      { attempt: 1, result: 'Failed', reason: 'AgentFailed', finishedAt: '2026-02-01T00:00:00.000Z' } as const,
    ];
    const identity = identified('old', STORED);
    if (identity === undefined) throw new Error('it is known');
    const renewed = renewedObject(identity, REJECTED, {
      newUid: () => 'new',
      now: NOW,
      before: { attempts: [...attempts] },
    });
    expect(renewed).toEqual({
      apiVersion: 'muxlet.dev/v1alpha1',
      kind: 'Project',
      metadata: {
        name: 'web',
        uid: 'new',
        generation: 1,
        creationTimestamp: '2026-03-01T12:00:00.000Z',
        finalizers: ['muxlet.dev/session'],
      },
      specHash: 'new',
      status: { observedGeneration: 0, phase: 'Pending', conditions: [], agents: [], attempts },
    });
  });
});

test.each([
  ['this controller', 'here', 'theirs'],
  ['one that did not say who it was', undefined, 'theirs'],
  ['another controller', 'there', 'new'],
])('without a record, what %s made under that name counts as it should', (_, home, uid) => {
  const session = { server: 's', id: '$1', name: 'web', uid: 'theirs', project: 'web', windows: 1 };
  const sessions = [{ ...session, ...(home !== undefined && { home }) }];
  const identity = identify({
    name: 'web',
    stored: undefined,
    desired: REJECTED,
    tmux: { state: 'Known', at: 0, value: { sessions, panes: [] } },
    home: 'here',
    now: NOW,
    newUid: () => 'new',
    overlay: () => ({}),
  });
  expect(identity?.meta.uid).toBe(uid);
});

test('a new object was created when its spec was first read, and keeps that for good', () => {
  const input = {
    name: 'web',
    stored: undefined,
    desired: REJECTED,
    tmux: { state: 'Known', at: 0, value: { sessions: [], panes: [] } },
    now: NOW,
    arrival: { at: NOW - 500, order: 7 },
    newUid: () => 'new',
    overlay: () => ({}),
  } as const;
  const identity = identify(input);
  if (identity === undefined) throw new Error('it is known');
  expect(identity.meta).toMatchObject({ creationTimestamp: '2026-03-01T11:59:59.500Z', creationOrder: 7 });
  const stored = { ...STORED, metadata: identity.meta };
  const later = identify({ ...input, stored, now: NOW + 1000, arrival: { at: NOW, order: 1 } });
  expect(later?.meta).toMatchObject({ creationTimestamp: '2026-03-01T11:59:59.500Z', creationOrder: 7 });
});
