import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { FailedTurn } from '../../../controller/api/generated/all.ts';
import type { Mail } from '../../../controller/api/mail.ts';
import { mailOfWord, type Word, wordId } from '../../../controller/api/word.ts';
import type { AgentPlan } from '../../../controller/reconcile/project/agent-plan.ts';
import { planRetry, type Retrying } from '../../../controller/reconcile/project/retrying.ts';

const MINUTE = 60_000;
const FAILED = 1_700_000_000_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const OVERLOADED = { state: 'Waiting', reason: 'TurnFailed', failure: 'Transient', at: FAILED } as const;

interface World {
  readonly reading?: object | undefined;
  readonly before?: FailedTurn;
  readonly mails?: readonly Mail[];
  readonly now?: number;
  readonly limits?: object;
  readonly annotation?: string;
  readonly account?: object;
  readonly next?: string;
  readonly delivery?: object | undefined;
}

function plan(world: World): Retrying {
  const { before, mails = [], now = FAILED + 1000, limits = {}, annotation, next = 'Keep' } = world;
  const reading = { agent: 'dev', run: 'r', turns: { last: 'Fails' }, ...OVERLOADED, ...world.reading } as AgentReading;
  const delivery = 'delivery' in world ? world.delivery : {};
  const desired = { program: { limits, delivery } };
  const previous = before === undefined ? undefined : { failedTurn: before };
  const { account } = world;
  const view = { name: 'dev', life: { type: 'Running' }, desired, previous, reading, account };
  const annotations = annotation === undefined ? {} : { 'muxlet.dev/limits': annotation };
  const input = {
    meta: { name: 'web', uid: 'u' },
    desired: { type: 'Present', project: { annotations } },
    observed: { words: new Map(mails.map((mail) => [mail.id, mail])) },
    now,
  };
  return planRetry({ view, next: { type: next } } as unknown as AgentPlan, input as unknown as ProjectInput);
}

function mailOf({ words }: Retrying, more: Partial<Mail>): Mail {
  const [word] = words as readonly [Word];
  return { ...mailOfWord(word, 'text', FAILED), sequence: 1, ...more };
}

describe('[S131] a turn that failed for a trouble that passes', () => {
  test('is on record at once, and gone on with after five minutes', () => {
    const first = plan({});
    expect(first).toMatchObject({ failedTurn: { at: iso(FAILED), told: 0 }, words: [], dueInMs: 5 * MINUTE - 1000 });
    const due = plan({ before: { at: iso(FAILED), told: 0 }, now: FAILED + 5 * MINUTE });
    expect(due.words).toMatchObject([{ topic: 'turn-failed', occasion: FAILED, agent: 'dev' }]);
    expect(due.events).toMatchObject([{ type: 'Normal', reason: 'TurnTriedAgain' }]);
  });

  test('is told once: the same word after a crash, and none once it is in the mailbox', () => {
    const world = { before: { at: iso(FAILED), told: 0 }, now: FAILED + 6 * MINUTE };
    const first = plan(world);
    const later = plan({ ...world, reading: { at: FAILED + 5 }, now: FAILED + 7 * MINUTE });
    expect(later.words.map(wordId)).toEqual(first.words.map(wordId));
    for (const state of ['Queued', 'Typing', 'Confirmed', 'DeadLetter'] as const) {
      const mails = [mailOf(first, { state, typedAt: FAILED + 6 * MINUTE })];
      expect(plan({ ...world, mails })).toMatchObject({ words: [], events: [], failedTurn: world.before });
    }
  });

  test('again after that waits twice as long each time, two hours at most', () => {
    const before = { at: iso(FAILED), told: 0 };
    const told = plan({ before, now: FAILED + 5 * MINUTE });
    const again = FAILED + 9 * MINUTE;
    const mails = [mailOf(told, { state: 'Confirmed', typedAt: FAILED + 5 * MINUTE })];
    const next = plan({ before, mails, reading: { at: again }, now: again });
    expect(next).toMatchObject({ failedTurn: { at: iso(again), told: 1 }, words: [], dueInMs: 10 * MINUTE });
    expect(plan({ before: { ...before, told: 9 }, now: FAILED }).dueInMs).toBe(120 * MINUTE);
    expect(plan({ before: { ...before, told: 9 }, now: FAILED, limits: { retryMinutes: 300 } }).dueInMs).toBe(
      300 * MINUTE,
    );
  });

  test('is over when a turn ended otherwise, not while one is under way', () => {
    const before = { at: iso(FAILED), told: 3 };
    const at = FAILED + MINUTE;
    expect(plan({ before, reading: { state: 'Busy', at, turns: { last: 'Begins' } } }).failedTurn).toEqual(before);
    expect(plan({ before, reading: { state: 'Idle', at, turns: { last: 'Fails' } } }).failedTurn).toEqual(before);
    expect(plan({ before, reading: { state: 'Idle', at, turns: { last: 'Ends' } } }).failedTurn).toBeUndefined();
  });

  test.each<[string, World]>([
    ['it is permanent', { reading: { failure: 'Permanent' } }],
    ['it waits for something else', { reading: { reason: 'PermissionPrompt' } }],
    ['the class says never', { limits: { retryMinutes: 0 } }],
    ['the class waits for a person', { limits: { policy: 'wait' } }],
    ['the project says that the program goes on by itself', { annotation: 'own' }],
    ['its class is not spoken to', { delivery: undefined }],
    ['it is being ended', { next: 'Ending' }],
    ['its account is at its limit', { account: { limitedUntil: FAILED } }],
  ])('is left alone where %s', (_, world) => {
    expect(plan({ ...world, now: FAILED + 500 * MINUTE })).toMatchObject({ words: [], events: [] });
  });
});
