import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { ClassLook } from '../../../controller/api/class-look.ts';
import type { LoginStatus } from '../../../controller/api/generated/all.ts';
import { decideLogin } from '../../../controller/reconcile/agentclass/login.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

function reading(
  state: AgentReading['state'],
  at: number,
  turns: AgentReading['turns'] = { prompts: [] },
): AgentReading {
  return { agent: 'dev', run: `${NOW}-1`, state, at, movedAt: at, turns };
}

function look(type: 'Passed' | 'Failed' | 'Unknown', at: number, filesAt?: number): ClassLook {
  return {
    at,
    specHash: '',
    program: { type: 'NotAsked' },
    version: { type: 'NotAsked' },
    login: { type, message: '' },
    ...(filesAt !== undefined && { filesAt }),
  };
}

const LOST: LoginStatus = { lostAt: iso(NOW - 60_000) };

describe('the login of an account', () => {
  test('[S118] one agent that says it is not logged in stands for all', () => {
    const { login, change } = decideLogin({
      previous: undefined,
      look: look('Passed', NOW - 1000, NOW - 5000),
      readings: [reading('Idle', NOW), reading('NeedsAuth', NOW - 10)],
      now: NOW,
    });
    expect({ login, change }).toEqual({ login: { lostAt: iso(NOW - 10) }, change: 'Lost' });
  });

  test('the variable that was refused is known again, and the controller that has another one finds the login back', () => {
    const refused = { ...look('Passed', NOW - 1000), credential: 'old' };
    const readings = [reading('NeedsAuth', NOW - 10)];
    const { login } = decideLogin({ previous: undefined, look: refused, readings, now: NOW });
    const after = (credential: string) =>
      decideLogin({ previous: login, look: { ...look('Passed', NOW + 1), credential }, readings, now: NOW + 2 }).change;
    expect([after('old'), after('new')]).toEqual([undefined, 'Restored']);
  });

  test('[S118] [S119] what agents show since before it came back is no new loss', () => {
    const previous = { restoredAt: iso(NOW - 1000) };
    const asked = { previous, look: undefined, now: NOW };
    expect(decideLogin({ ...asked, readings: [reading('NeedsAuth', NOW - 2000)] }).change).toBeUndefined();
    expect(decideLogin({ ...asked, readings: [reading('NeedsAuth', NOW - 500)] }).change).toBe('Lost');
  });

  const back: readonly (readonly [string, LoginStatus, ClassLook | undefined, readonly AgentReading[], boolean])[] = [
    ['a check that passes after failing', { ...LOST, check: 'Failed' }, look('Passed', NOW), [], true],
    ['a check that has passed all along', LOST, look('Passed', NOW), [], false],
    ['a check from before the loss', { ...LOST, check: 'Failed' }, look('Passed', NOW - 90_000), [], false],
    ['a check that could not be asked', { ...LOST, check: 'Failed' }, look('Unknown', NOW), [], false],
    ['a file of the login that changed', { ...LOST, filesAt: iso(1000) }, look('Passed', NOW, NOW - 500), [], true],
    [
      'one that changed, and the check fails',
      { ...LOST, filesAt: iso(1000) },
      look('Failed', NOW, NOW - 500),
      [],
      false,
    ],
    ['one that did not', { ...LOST, filesAt: iso(2000) }, look('Passed', NOW, 2000), [], false],
    [
      'a file that is first looked at after the loss, and has not changed since',
      LOST,
      look('Passed', NOW, 2000),
      [],
      false,
    ],
    [
      'another variable that holds it',
      { ...LOST, credential: 'old' },
      { ...look('Passed', NOW), credential: 'new' },
      [],
      true,
    ],
    ['the same variable', { ...LOST, credential: 'old' }, { ...look('Passed', NOW), credential: 'old' }, [], false],
    ['a variable that is first looked at now', LOST, { ...look('Passed', NOW), credential: 'new' }, [], false],
    [
      'another variable, looked at before the loss',
      { ...LOST, credential: 'old' },
      { ...look('Passed', NOW - 90_000), credential: 'new' },
      [],
      false,
    ],
    ['a file that came after the loss', LOST, look('Passed', NOW, NOW - 500), [], true],
    [
      'a file that changed after the clock was set back',
      { lostAt: iso(NOW + 3_000_000), filesAt: iso(NOW + 2_000_000) },
      look('Passed', NOW, NOW - 500),
      [],
      true,
    ],
    [
      'a file that did not change, and the clock was set back',
      { lostAt: iso(NOW + 3_000_000), filesAt: iso(NOW + 2_000_000) },
      look('Passed', NOW, NOW + 2_000_000),
      [],
      false,
    ],
    [
      'an agent that was given something later and did it',
      LOST,
      undefined,
      [reading('Idle', NOW, { prompts: [{ at: NOW - 5000, text: '' }], last: 'Ends', lastAt: NOW - 100 })],
      true,
    ],
    [
      'an agent that ended what it had begun before',
      LOST,
      undefined,
      [reading('Idle', NOW, { prompts: [{ at: NOW - 90_000, text: '' }], last: 'Ends', lastAt: NOW - 100 })],
      false,
    ],
  ];
  test.each(back)('[S118] is back, or not, by %s', (...row) => {
    const [, previous, looked, readings, isBack] = row;
    const { login, change } = decideLogin({ previous, look: looked, readings, now: NOW });
    expect(change).toBe(isBack ? 'Restored' : undefined);
    expect(login?.lostAt === undefined).toBe(isBack);
  });
});
