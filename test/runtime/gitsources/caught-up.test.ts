import { describe, expect, it } from 'vitest';
import { createCaughtUp } from '../../../controller/runtime/gitsources/caught-up.ts';

function world() {
  const asked: string[] = [];
  const clock = { at: 1000 };
  const caughtUp = createCaughtUp({
    followed: () => ['one', 'two'],
    ask: (name) => void asked.push(name),
    now: () => clock.at,
  });
  return { asked, clock, caughtUp };
}

describe('whether the repositories were looked at since', () => {
  it('asks for each that was not, once, and is so when all have been taken', () => {
    const { asked, clock, caughtUp } = world();
    expect(caughtUp.areLookedAt(1000, 'one')).toBe(false);
    expect(caughtUp.areLookedAt(1000, undefined)).toBe(false);
    expect(asked).toEqual(['two', 'one']);
    clock.at = 1100;
    for (const name of ['one', 'two']) caughtUp.seen(name, 1050, 'Taken');
    expect(caughtUp.areLookedAt(1000, undefined)).toBe(true);
    expect(caughtUp.areLookedAt(1060, undefined)).toBe(false);
  });

  it.each(['Failed', 'Refused'] as const)('a look that came to %s says nothing of what may be there', (outcome) => {
    const { caughtUp } = world();
    caughtUp.seen('one', 1000, outcome);
    expect(caughtUp.areLookedAt(1000, 'two')).toBe(false);
    caughtUp.seen('one', 1000, 'Taken');
    expect(caughtUp.areLookedAt(1000, 'two')).toBe(true);
  });

  it('a look before the clock was set back is no look since', () => {
    const { asked, clock, caughtUp } = world();
    clock.at = 10_000;
    expect(caughtUp.areLookedAt(10_000, 'two')).toBe(false);
    caughtUp.seen('one', 10_000, 'Taken');
    clock.at = 2000;
    expect(caughtUp.areLookedAt(2000, 'two')).toBe(false);
    expect(asked).toEqual(['one', 'one']);
  });
});
