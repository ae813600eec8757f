import { expect, test } from 'vitest';
import type { Key } from '../../controller/api/key.ts';
import type { SeenProject } from '../../controller/runtime/project-worker.ts';
import { createFalseFailures } from '../../controller/wiring/false-failures.ts';

const KEY = 'Project/web' as Key;

function setUp() {
  const told: string[] = [];
  const failures = createFalseFailures((size, proof) => void told.push(`${size} ${proof}`));
  const desired = { type: 'Present', project: { course: { size: 'small' } } };
  const see = (uid: string, run: Record<string, unknown> | undefined): void => {
    failures.seen({ key: KEY, uid, desired, status: { run } } as unknown as SeenProject);
  };
  return { told, see, forget: (isReset: boolean) => failures.forgotten(KEY, isReset) };
}

const FAILED = { stage: 'Finished', result: 'Failed', inputs: 'a' };
const DONE = { stage: 'Finished', result: 'Completed', inputs: 'a' };

test('a failed project that is reset as it was, and completes then, failed falsely', () => {
  const { told, see, forget } = setUp();
  see('one', FAILED);
  see('one', FAILED);
  forget(true);
  see('two', undefined);
  expect(told).toEqual([]);
  see('two', { stage: 'Active', inputs: 'a' });
  see('two', { stage: 'Active', inputs: 'a' });
  expect(told).toEqual(['small Reset']);
  see('two', DONE);
  see('two', DONE);
  expect(told).toEqual(['small Reset', 'small Completed']);
});

test('one that fails again is contested, and no more; each reset is one', () => {
  const { told, see, forget } = setUp();
  see('one', FAILED);
  forget(true);
  see('two', FAILED);
  forget(true);
  see('three', DONE);
  expect(told).toEqual(['small Reset', 'small Reset', 'small Completed']);
});

test.each([
  ['a spec that changed', (see: ReturnType<typeof setUp>['see']) => see('two', { ...DONE, inputs: 'b' }), true],
  ['a project that was removed and made anew', (see: ReturnType<typeof setUp>['see']) => see('two', DONE), false],
])('%s proves nothing', (_what, then, isReset) => {
  const { told, see, forget } = setUp();
  see('one', FAILED);
  forget(isReset);
  then(see);
  expect(told).toEqual([]);
});

test('a changed spec of the same project, which runs again by itself, proves nothing', () => {
  const { told, see } = setUp();
  see('one', FAILED);
  see('one', { stage: 'Active', inputs: 'b' });
  see('one', { ...DONE, inputs: 'b' });
  expect(told).toEqual([]);
});
