import { describe, expect, it } from 'vitest';
import { type CaughtUpSource, createCaughtUp } from '../../../controller/runtime/gitsources/caught-up.ts';

function world(rests: Readonly<Record<string, CaughtUpSource['rests']>> = { one: undefined, two: undefined }) {
  const asked: string[] = [];
  const peeks = new Map<string, (outcome: 'Seen' | 'NotSeen') => void>();
  const clock = { at: 1000 };
  const caughtUp = createCaughtUp({
    sources: () => Object.entries(rests).map(([name, why]) => ({ name, rests: why })),
    ask: (name) => void asked.push(name),
    peek(name, done) {
      asked.push(`peek ${name}`);
      peeks.set(name, done);
      return true;
    },
    now: () => clock.at,
  });
  return { asked, clock, caughtUp, peeked: (name: string, outcome: 'Seen' | 'NotSeen') => peeks.get(name)?.(outcome) };
}

describe('which repositories were not looked at since', () => {
  it('has each looked at that was not, once, until it was taken', () => {
    const { asked, clock, caughtUp } = world();
    expect(caughtUp.behind(1000, 'one')).toEqual(['two']);
    expect(caughtUp.behind(1000, undefined)).toEqual(['one', 'two']);
    expect(asked).toEqual(['two', 'one']);
    clock.at = 1100;
    for (const name of ['one', 'two']) caughtUp.seen(name, 1050, 'Taken');
    expect(caughtUp.behind(1000, undefined)).toEqual([]);
    expect(caughtUp.behind(1060, undefined)).toEqual(['one', 'two']);
  });

  it.each(['Failed', 'Refused'] as const)('a look that came to %s says nothing of what may be there', (outcome) => {
    const { caughtUp } = world();
    caughtUp.seen('one', 1000, outcome);
    expect(caughtUp.behind(1000, 'two')).toEqual(['one']);
    caughtUp.seen('one', 1000, 'Taken');
    expect(caughtUp.behind(1000, 'two')).toEqual([]);
  });

  it('a look before the clock was set back is no look since', () => {
    const { asked, clock, caughtUp } = world();
    clock.at = 10_000;
    expect(caughtUp.behind(10_000, 'two')).toEqual(['one']);
    caughtUp.seen('one', 10_000, 'Taken');
    clock.at = 2000;
    expect(caughtUp.behind(2000, 'two')).toEqual(['one']);
    expect(asked).toEqual(['one', 'one']);
  });

  it('one that is suspended is looked into once, and waited for no longer, whatever came of it', () => {
    const { asked, caughtUp, peeked } = world({ one: 'Suspended' });
    expect([caughtUp.behind(1000, undefined), caughtUp.behind(1000, undefined)]).toEqual([['one'], ['one']]);
    peeked('one', 'NotSeen');
    expect([caughtUp.behind(1000, undefined), asked]).toEqual([[], ['peek one']]);
    expect(caughtUp.behind(1001, undefined)).toEqual(['one']);
  });

  it('one that others keep waiting is looked into until it could be seen', () => {
    const { asked, clock, caughtUp, peeked } = world({ one: 'Unmet' });
    expect(caughtUp.behind(1000, undefined)).toEqual(['one']);
    peeked('one', 'NotSeen');
    expect([caughtUp.behind(1000, undefined), asked]).toEqual([['one'], ['peek one']]);
    clock.at = 12_000;
    expect(caughtUp.behind(1000, undefined)).toEqual(['one']);
    peeked('one', 'Seen');
    expect([caughtUp.behind(1000, undefined), asked.length]).toEqual([[], 2]);
  });
});
