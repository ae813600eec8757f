import { expect, test } from 'vitest';
import type { ClassLook } from '../../../controller/api/class-look.ts';
import { createClassChecks } from '../../../controller/runtime/accounts/class-checks.ts';
import { createFakeClock } from '../../queue/fake-clock.ts';

const NOTHING = { program: { type: 'NotAsked' }, version: { type: 'NotAsked' }, login: { type: 'NotAsked' } } as const;
const SPEC = { command: ['coder'] };

function world() {
  const clock = createFakeClock();
  const asked: { signal: AbortSignal; end: (found?: Omit<ClassLook, 'at' | 'specHash'>) => void }[] = [];
  const told: string[] = [];
  const checks = createClassChecks({
    clock,
    look: (_spec, signal) => new Promise((end) => asked.push({ signal, end: (found = NOTHING) => end(found) })),
    onChange: (name) => told.push(name),
    onError: (error) => {
      throw error;
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { clock, checks, asked, told, settle };
}

test('nobody waits for a look: there is none until it has ended, and then it is told', async () => {
  const { checks, asked, told, settle } = world();
  expect(checks.latest('coder', SPEC, 1000)).toBeUndefined();
  expect(checks.latest('coder', SPEC, 1000)).toBeUndefined();
  expect(asked).toHaveLength(1);
  asked[0]?.end();
  await settle();
  expect(told).toEqual(['coder']);
  expect(checks.latest('coder', SPEC, 1000)).toMatchObject(NOTHING);
});

test('one that is old is shown until the next has ended', async () => {
  const { clock, checks, asked, settle } = world();
  checks.latest('coder', SPEC, 1000);
  asked[0]?.end();
  await settle();
  clock.advance(999);
  checks.latest('coder', SPEC, 1000);
  expect(asked).toHaveLength(1);
  clock.advance(1);
  expect(checks.latest('coder', SPEC, 1000)).toBeDefined();
  expect(asked).toHaveLength(2);
});

test('a look for another spec is none, and what was begun for it is given up', async () => {
  const { checks, asked, told, settle } = world();
  checks.latest('coder', SPEC, 1000);
  expect(checks.latest('coder', { command: ['other'] }, 1000)).toBeUndefined();
  expect(asked[0]?.signal.aborted).toBe(true);
  asked[0]?.end();
  await settle();
  expect(told).toEqual([]);
  expect(checks.latest('coder', { command: ['other'] }, 1000)).toBeUndefined();
  expect(asked).toHaveLength(2);
});

test('the end gives up what is under way', () => {
  const { checks, asked } = world();
  checks.latest('coder', SPEC, 1000);
  checks.latest('shell', {}, 1000);
  checks.close();
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true]);
});
