import { expect, test } from 'vitest';
import type { FinishRequest } from '../../../controller/api/finish-request.ts';
import type { FinishLook } from '../../../controller/api/finishing.ts';
import { createFinisher, type Round } from '../../../controller/runtime/finishing/finisher.ts';

function request(uid: string, round = 1): FinishRequest {
  return {
    project: `project-${uid}`,
    uid,
    attempt: 1,
    round,
    repository: '/repo',
    root: '/trees',
    branches: [],
    into: 'result',
    base: undefined,
    integration: undefined,
    verification: undefined,
    setUp: undefined,
    directory: '/work',
  };
}

/** Rounds that end when they are told to. */
function world() {
  const under = new Map<string, { readonly round: Round; end(look: Partial<FinishLook> | Error): void }>();
  const hints: string[] = [];
  const errors: unknown[] = [];
  const finisher = createFinisher({
    run: ({ uid, attempt, round: number }, round) =>
      new Promise((resolve, reject) => {
        const end = (look: Partial<FinishLook> | Error): void => {
          under.delete(uid);
          if (look instanceof Error) reject(look);
          else resolve({ attempt, round: number, state: 'Passed', ...look });
        };
        round.signal.addEventListener('abort', () => {
          end({ state: 'Running' });
        });
        under.set(uid, { round, end });
      }),
    onChange: (project) => hints.push(project),
    onError: (error) => errors.push(error),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { finisher, under, hints, errors, settle };
}

test('two rounds run at a time, the others wait in their order and say so', async () => {
  const { finisher, under, hints, settle } = world();
  for (const uid of ['a', 'b', 'c', 'd']) finisher.begin(request(uid));
  await settle();
  expect([...under.keys()]).toEqual(['a', 'b']);
  expect(finisher.look('a')).toMatchObject({ attempt: 1, round: 1, state: 'Running' });
  expect(finisher.look('c')?.message).toContain('before it: 2');
  expect(finisher.look('d')?.message).toContain('before it: 3');
  under.get('b')?.end({});
  await settle();
  expect([...under.keys()]).toEqual(['a', 'c']);
  expect(finisher.look('b')?.state).toBe('Passed');
  expect(finisher.look('d')?.message).toContain('before it: 2');
  expect(hints).toContain('project-b');
  await finisher.close();
  expect(under.size).toBe(0);
});

test('what is under way or over is not begun again; the next round knows of the one before', async () => {
  const { finisher, under, settle } = world();
  expect(finisher.begin(request('a'))).toEqual({ ok: true });
  expect(finisher.begin(request('a'))).toEqual({ ok: true, idle: true });
  await settle();
  under.get('a')?.end({ state: 'Failed', message: 'away' });
  await settle();
  expect(finisher.begin(request('a'))).toEqual({ ok: true, idle: true });
  finisher.begin(request('a', 2));
  await settle();
  expect(under.get('a')?.round.before?.look).toMatchObject({ state: 'Failed', round: 1 });
  await finisher.close();
});

test('a later round begins when the one before has ended, and nothing is heard of that any more', async () => {
  const { finisher, under, settle } = world();
  finisher.begin(request('a'));
  await settle();
  const first = under.get('a');
  finisher.begin(request('a', 2));
  expect(first?.round.signal.aborted).toBe(true);
  first?.round.tell({ attempt: 1, round: 1, state: 'Running', message: 'late' });
  await settle();
  expect(finisher.look('a')).toMatchObject({ round: 2, state: 'Running' });
  expect(finisher.look('a')?.message).toBeUndefined();
  finisher.forget('a');
  expect(finisher.look('a')).toBeUndefined();
  await finisher.close();
});

test('a bug in a round is told, and fails it', async () => {
  const { finisher, under, errors, settle } = world();
  finisher.begin(request('a'));
  await settle();
  under.get('a')?.end(new Error('oh'));
  await settle();
  expect(finisher.look('a')).toMatchObject({ state: 'Failed', message: 'oh' });
  expect(errors).toHaveLength(1);
});

test('a round that nobody waits for any more is ended, and one that is over is still told', async () => {
  const { finisher, under, settle } = world();
  finisher.begin(request('a'));
  finisher.begin(request('b'));
  await settle();
  under.get('b')?.end({});
  await settle();
  for (const uid of ['a', 'b', 'nobody']) finisher.giveUp(uid);
  expect(finisher.look('a')).toBeUndefined();
  expect(under.size).toBe(0);
  expect(finisher.look('b')?.state).toBe('Passed');
  // Asked for anew, it is done over.
  expect(finisher.begin(request('a'))).toEqual({ ok: true });
  await finisher.close();
});

test('what was left of a project is cleared up once, and before its round', async () => {
  const { finisher, under, settle, errors } = world();
  const done: string[] = [];
  let finish: () => void = () => undefined;
  const work = (): Promise<void> => {
    done.push('met');
    return new Promise((resolve) => {
      finish = resolve;
    });
  };
  finisher.meet('a', work);
  finisher.meet('a', work);
  finisher.meet('b', () => Promise.reject(new Error('no')));
  finisher.begin(request('a'));
  finisher.begin(request('b'));
  await settle();
  expect(done).toEqual(['met']);
  expect([...under.keys()]).toEqual(['b']);
  expect(errors).toHaveLength(1);
  finish();
  await settle();
  expect([...under.keys()]).toEqual(['b', 'a']);
  await finisher.close();
});

test('a round that is under way, or over, begins anew where something else is asked of it', async () => {
  const { finisher, under, settle } = world();
  const asks = (...argv: string[]) => ({
    ...request('a'),
    verification: { rounds: 3, commands: [{ argv, timeoutMs: 1 }] },
  });
  finisher.begin(asks('test'));
  await settle();
  const first = under.get('a')?.round;
  const before = finisher.look('a')?.asked;
  expect(
    finisher.begin({ ...asks('test'), verification: { rounds: 5, commands: [{ argv: ['test'], timeoutMs: 1 }] } }),
  ).toEqual({ ok: true, idle: true });
  expect(finisher.begin(asks('lint'))).toEqual({ ok: true });
  await settle();
  expect(first?.signal.aborted).toBe(true);
  expect(finisher.look('a')).toMatchObject({ round: 1, state: 'Running' });
  expect(finisher.look('a')?.asked).not.toBe(before);
  under.get('a')?.end({});
  await settle();
  finisher.begin(asks('test'));
  expect(finisher.look('a')?.state).toBe('Running');
});
