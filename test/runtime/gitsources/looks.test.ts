import { beforeEach, expect, test } from 'vitest';
import type { GitSource } from '../../../controller/api/generated/all.ts';
import type { LookOutcome } from '../../../controller/api/git-revision.ts';
import { createLooks, type Looks } from '../../../controller/runtime/gitsources/looks.ts';
import { createLimit } from '../../../controller/runtime/probes/limit.ts';

const TAKEN: LookOutcome = { type: 'Taken', revision: 'main@sha1:1', news: '' };
const ABOUT = { generation: 1, asked: undefined };

let looks: Looks;
/** Ends the look at the source of that name. */
let end: Map<string, (outcome: LookOutcome | Error) => void>;
let aborted: string[];
let errors: unknown[];
let ended: string[];

beforeEach(() => {
  end = new Map();
  [aborted, errors, ended] = [[], [], []];
  looks = createLooks({
    look: ({ metadata: { name } }, signal) =>
      new Promise((resolve, reject) => {
        end.set(name, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
        signal.addEventListener('abort', () => {
          aborted.push(name);
        });
      }),
    peek: () => Promise.resolve(true),
    limited: createLimit(2),
    steady: () => 0,
    onEnd: (name) => ended.push(name),
    onLook: () => undefined,
    onError: (error) => errors.push(error),
  });
});

function source(name: string): GitSource {
  return { apiVersion: 'muxlet.dev/v1alpha1', kind: 'GitSource', metadata: { name }, spec: { url: '/r' } };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test('what has ended is told once, with what it was begun for', async () => {
  looks.begin(source('a'), { generation: 3, asked: 'x' });
  expect([looks.isRunning('a'), looks.begunFor('a'), looks.takeFinished('a')]).toEqual([true, 3, undefined]);
  end.get('a')?.(TAKEN);
  await turn();
  expect([looks.isRunning('a'), ended]).toEqual([false, ['a']]);
  expect(looks.takeFinished('a')).toEqual({ outcome: TAKEN, generation: 3, asked: 'x' });
  expect(looks.takeFinished('a')).toBeUndefined();
});

test('who says something during a look is not answered by it', () => {
  looks.hint('a');
  looks.begin(source('a'), ABOUT);
  expect(looks.isHinted('a')).toBe(false);
  looks.hint('a');
  expect(looks.isHinted('a')).toBe(true);
});

test('no more are looked at at once than may be, and one that hangs lets the others through', async () => {
  for (const name of ['hangs', 'b', 'c', 'd']) looks.begin(source(name), ABOUT);
  await turn();
  expect([...end.keys()]).toEqual(['hangs', 'b']);
  end.get('b')?.(TAKEN);
  await turn();
  end.get('c')?.(TAKEN);
  await turn();
  expect([...end.keys()]).toEqual(['hangs', 'b', 'c', 'd']);
});

test('an error is a look that failed, told as such', async () => {
  looks.begin(source('a'), ABOUT);
  await turn();
  end.get('a')?.(new Error('no space left'));
  await turn();
  expect(looks.takeFinished('a')?.outcome).toMatchObject({ type: 'Failed', message: 'no space left' });
  expect(errors).toHaveLength(1);
});

test('one that is forgotten is broken off, and says nothing any more', async () => {
  looks.begin(source('a'), ABOUT);
  await turn();
  expect([looks.forget('a'), aborted]).toEqual([false, ['a']]);
  end.get('a')?.(TAKEN);
  await turn();
  expect([looks.takeFinished('a'), looks.begunFor('a'), ended]).toEqual([undefined, undefined, ['a']]);
  expect(looks.forget('a')).toBe(true);
});

test('what is only looked into shares its turn with the looks, and is no look', async () => {
  const seen: string[] = [];
  expect(looks.peek(source('a'), (outcome) => seen.push(outcome))).toBe(true);
  expect([looks.isRunning('a'), looks.peek(source('a'), () => seen.push('again'))]).toEqual([true, false]);
  await turn();
  expect([seen, ended, looks.takeFinished('a'), looks.begunFor('a')]).toEqual([['Seen'], ['a'], undefined, undefined]);
  looks.begin(source('a'), ABOUT);
  expect(looks.peek(source('a'), () => seen.push('again'))).toBe(false);
});
