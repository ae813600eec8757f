import { describe, expect, test } from 'vitest';
import { tellServiceManager } from '../../controller/runtime/service-manager.ts';

/** A controller of which each fact can be set, told of by a clock that only moves when it is told to. */
function createStage(watchdogMs: number | undefined) {
  const facts = { turn: 0, synced: false, line: '1 project' };
  const said: string[] = [];
  const ending = new AbortController();
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  const after = (ms: number, callback: () => void) => {
    const timer = { at: now + ms, callback };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  const ended = tellServiceManager(
    {
      after,
      tell: async (words) => void said.push(words.join(' ')),
      watchdogMs,
      lastTurn: () => facts.turn,
      isSynced: () => facts.synced,
      status: () => facts.line,
    },
    ending.signal,
  );
  async function settle(): Promise<void> {
    for (let round = 0; round < 8; round += 1) await Promise.resolve();
  }
  return {
    facts,
    said,
    /** Lets time go by; a turning loop turns each second of it. */
    async pass(ms: number, isTurning = true): Promise<void> {
      const until = now + ms;
      await settle();
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        if (isTurning) facts.turn += next.at - now;
        now = next.at;
        timers = timers.filter((one) => one !== next);
        next.callback();
        await settle();
      }
      now = until;
    },
    async end(): Promise<void> {
      ending.abort();
      await ended;
    },
    timers: () => timers.length,
  };
}

describe('what a service manager is told', () => {
  test('ready once every object was looked at, then that the loop turns, then the end', async () => {
    const stage = createStage(120_000);
    await stage.pass(1000);
    expect(stage.said).toEqual([]);
    stage.facts.synced = true;
    await stage.pass(1000);
    expect(stage.said).toEqual(['READY=1 STATUS=1 project']);
    await stage.pass(60_000);
    expect(stage.said.slice(1)).toEqual(['WATCHDOG=1', 'WATCHDOG=1']);
    await stage.end();
    expect(stage.said.at(-1)).toMatch(/^STOPPING=1 STATUS=/);
    expect(stage.timers()).toBe(0);
  });

  test('nothing of life once the loop hangs, however long this goes on beside it; the line says so', async () => {
    const stage = createStage(120_000);
    stage.facts.synced = true;
    await stage.pass(31_000);
    await stage.pass(600_000, false);
    // One turn may lie between the last word and the moment at which it hung.
    expect(stage.said.filter((line) => line.includes('WATCHDOG=1')).length).toBeLessThanOrEqual(2);
    expect(stage.said.at(-1)).toBe('STATUS=the loop hangs');
    await stage.pass(40_000);
    expect(stage.said.slice(-2)).toContain('WATCHDOG=1 STATUS=1 project');
    await stage.end();
  });

  test('a start that goes on asks for more time, and one that hangs does not', async () => {
    const stage = createStage(120_000);
    await stage.pass(35_000);
    expect(stage.said.filter((line) => line.startsWith('EXTEND_TIMEOUT_USEC=120000000'))).toHaveLength(3);
    const before = stage.said.length;
    await stage.pass(100_000, false);
    expect(stage.said.length).toBeLessThanOrEqual(before + 1);
    await stage.end();
    expect(stage.said.join()).not.toContain('READY=1');
  });

  test('an object that is never done keeps a controller that works from being ready for five minutes', async () => {
    const stage = createStage(undefined);
    await stage.pass(299_000);
    expect(stage.said.join()).not.toContain('READY=1');
    await stage.pass(2000);
    expect(stage.said.at(-1)).toContain('READY=1');
    await stage.end();
  });

  test('where nobody watches, only the line, and only when it changes', async () => {
    const stage = createStage(undefined);
    stage.facts.synced = true;
    await stage.pass(300_000);
    expect(stage.said).toEqual(['READY=1 STATUS=1 project']);
    stage.facts.line = '2 projects';
    await stage.pass(30_000);
    expect(stage.said.at(-1)).toBe('STATUS=2 projects');
    await stage.end();
  });
});
