import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim, KnownActivity } from '../../../controller/api/reading/claim.ts';
import { combineClaims, type Verdict } from '../../../controller/api/reading/combine.ts';

const NOW = 1_000_000;
const STATES: readonly KnownActivity[] = ['Starting', 'Idle', 'Busy', 'Waiting', 'NeedsAuth', 'Limited'];

function claim(state: KnownActivity, more: Partial<Claim> = {}): Claim {
  const base = { evidence: 'file', rule: 'r', or: [], failedTurn: false, tense: 'Present', trust: 0 } as const;
  return { ...base, at: NOW - 60_000, seenAt: NOW, state, ...more };
}
const happened = (state: KnownActivity, at: number, more: Partial<Claim> = {}): Claim =>
  claim(state, { evidence: 'hook', tense: 'Moment', trust: 1, at, seenAt: at, ...more });

function stateOf(verdict: Verdict): string {
  return verdict.type === 'Known' ? verdict.claim.state : verdict.type;
}
const combined = (...claims: Claim[]): string => stateOf(combineClaims(claims, NOW));

describe('in order of trust', () => {
  test('a source narrows what one above it left open', () => {
    const idle = claim('Idle', { or: ['Waiting', 'Limited'] });
    expect(combined(idle)).toBe('Idle');
    expect(combined(idle, claim('Limited', { trust: 1, at: NOW - 59_000 }))).toBe('Limited');
    expect(combined(idle, claim('Busy', { trust: 1 }))).toBe('Idle');
  });

  test('two that agree with each other against a more trusted one make it unknown, and one alone does not', () => {
    const file = claim('Idle');
    const title = claim('Busy', { trust: 2 });
    const screen = claim('Busy', { trust: 3, or: ['Waiting'] });
    expect(combined(file, title)).toBe('Idle');
    expect(combined(file, title, screen)).toBe('Disagree');
    expect(combined(file, title, { ...screen, state: 'Waiting', or: [] })).toBe('Idle');
  });

  test('those that were looked at before the trusted one changed may only lag behind', () => {
    const file = claim('Idle', { at: NOW - 500 });
    expect(combined(file, claim('Busy', { trust: 2 }), claim('Busy', { trust: 3 }))).toBe('Idle');
  });

  test('those that changed just now may be the first to tell', () => {
    const file = claim('Busy');
    const title = claim('Idle', { trust: 2, at: NOW - 500 });
    expect(combined(file, happened('Idle', NOW - 600), title)).toBe('Busy');
    expect(combined(file, happened('Idle', NOW - 1600), { ...title, at: NOW - 1500 })).toBe('Disagree');
  });

  test('what follows from what the others ruled out is known', () => {
    const one = claim('Idle', { or: ['Waiting'] });
    const other = claim('Busy', { or: ['Waiting'], trust: 1 });
    expect(combined(one, other)).toBe('Waiting');
  });

  test('who has just said that it waits may not show it yet', () => {
    const asked = (ago: number) => happened('Waiting', NOW - ago, { or: ['Busy'], trust: 0 });
    const title = claim('Busy', { trust: 1 });
    expect(combined(asked(1900), title)).toBe('Waiting');
    expect(combined(asked(1900), { ...title, at: NOW - 1000 })).toBe('Waiting');
    expect(combined(asked(2000), title)).toBe('Busy');
  });

  test('of what is left open, the newest says which; of one moment, the most trusted', () => {
    const asked = happened('Waiting', NOW - 30_000, { or: ['Idle'], trust: 0 });
    const title = claim('Idle', { or: ['Waiting', 'Limited'], trust: 1 });
    expect(combined(asked, { ...title, at: NOW - 29_800 })).toBe('Waiting');
    expect(combined(asked, { ...title, at: NOW - 5000 })).toBe('Idle');
  });
});

describe('what is out of date', () => {
  test('expired evidence is none', () => {
    expect(combined(claim('Busy', { expiresAt: NOW }))).toBe('Nothing');
    expect(combined(claim('Busy', { expiresAt: NOW + 1 }))).toBe('Busy');
  });

  test('an interruption that only the transcript tells of ends what the hooks said', () => {
    const prompt = happened('Busy', NOW - 60_000);
    expect(combined(prompt, happened('Idle', NOW - 5000, { trust: 2 }))).toBe('Idle');
    expect(combined(prompt, happened('Idle', NOW - 59_500, { trust: 2 }))).toBe('Busy');
  });

  test('a limit that an earlier turn ran into is over with the next prompt', () => {
    const limited = happened('Limited', NOW - 60_000, { trust: 2, failedTurn: true });
    expect(combined(happened('Busy', NOW - 100, { or: ['Limited', 'Idle'] }), limited)).toBe('Busy');
    expect(combined(happened('Busy', NOW - 61_000, { or: ['Limited', 'Idle'] }), limited)).toBe('Limited');
  });

  test('a permission that was asked long before the program came to rest is not asked any more', () => {
    const idle = claim('Idle', { or: ['Waiting', 'Limited'], at: NOW - 1000 });
    expect(combined(idle, happened('Waiting', NOW - 60_000))).toBe('Idle');
    expect(combined(idle, happened('Waiting', NOW - 1200))).toBe('Waiting');
    expect(combined({ ...idle, at: NOW - 5900 }, happened('Waiting', NOW - 6000))).toBe('Idle');
    expect(combined(idle, happened('Limited', NOW - 60_000, { failedTurn: true }))).toBe('Limited');
  });

  test('what rested before a prompt was taken may take a moment to tell of it', () => {
    const idle = claim('Idle', { or: ['Waiting', 'NeedsAuth'] });
    const failed = happened('NeedsAuth', NOW - 30_000, { trust: 2, failedTurn: true });
    const prompt = (at: number) => happened('Busy', at, { beginsTurn: true });
    expect(combined(idle, failed, prompt(NOW - 300))).toBe('Busy');
    expect(combined({ ...idle, at: NOW - 100 }, failed, prompt(NOW - 300))).toBe('Idle');
    expect(combined(claim('Waiting'), prompt(NOW - 300))).toBe('Waiting');
    expect(combined(idle, failed, prompt(NOW - 4000))).toBe('Busy');
    expect(combined(idle, failed, prompt(NOW - 5000))).not.toBe('Busy');
  });

  test('a title that was looked at before the prompt says nothing of what follows', () => {
    const prompt = happened('Busy', NOW - 100, { or: ['Waiting', 'Idle'], trust: 0 });
    expect(combined(prompt, claim('Idle', { trust: 1, or: ['Waiting'], seenAt: NOW - 900 }))).toBe('Busy');
  });
});

describe('whatever the evidence', () => {
  const state = fc.constantFrom(...STATES);
  const claims = fc.uniqueArray(
    fc.record<Claim>({
      evidence: fc.constantFrom('hook', 'file', 'title'),
      trust: fc.integer({ min: 0, max: 6 }),
      rule: fc.constant('r'),
      state,
      or: fc.subarray([...STATES]),
      failedTurn: fc.boolean(),
      tense: fc.constantFrom('Moment', 'Present'),
      at: fc.integer({ min: NOW - 20_000, max: NOW }),
      seenAt: fc.integer({ min: NOW - 5000, max: NOW }),
      expiresAt: fc.integer({ min: NOW - 10_000, max: NOW + 10_000 }),
    }),
    { selector: ({ trust }) => trust, maxLength: 6 },
  );

  test('the order in which it is handed in changes nothing', () => {
    fc.assert(
      fc.property(claims, fc.array(fc.nat()), (list, keys) => {
        const order = new Map(list.map((one, index) => [one, keys[index] ?? 0]));
        const shuffled = [...list].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
        expect(combineClaims(shuffled, NOW)).toEqual(combineClaims(list, NOW));
      }),
    );
  });

  test('no state is said that no claim in force allows, and none from nothing', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const inForce = list.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > NOW);
        const verdict = combineClaims(list, NOW);
        if (inForce.length === 0) expect(verdict.type).toBe('Nothing');
        if (verdict.type !== 'Known') return;
        expect(inForce.flatMap((one) => [one.state, ...one.or])).toContain(verdict.claim.state);
      }),
    );
  });

  test('evidence that has expired is as good as absent', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const inForce = list.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > NOW);
        expect(combineClaims(list, NOW)).toEqual(combineClaims(inForce, NOW));
      }),
    );
  });

  test('a source that agrees changes no state', () => {
    fc.assert(
      fc.property(claims, (list) => {
        const verdict = combineClaims(list, NOW);
        if (verdict.type !== 'Known') return;
        const echo = claim(verdict.claim.state, { trust: 9, at: verdict.claim.at });
        expect(stateOf(combineClaims([...list, echo], NOW))).toBe(verdict.claim.state);
      }),
    );
  });
});
