import { describe, expect, test } from 'vitest';
import { retryPauses } from './pauses.ts';
import { end, living, lose, NOW, revive, settle, smallWorld, step } from './small-world.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

function started(changes: Parameters<typeof smallWorld>[0] = {}) {
  const world = smallWorld(changes);
  settle(world);
  expect(living(world)).toEqual(['a', 'b']);
  return world;
}

/** Looks every half minute, as a controller does. */
function work(world: ReturnType<typeof smallWorld>, ms: number, beats = false): void {
  for (let left = ms; left > 0; left -= 30_000) {
    if (beats) world.beatAt = world.now;
    step(world, Math.min(left, 30_000));
  }
}

describe('an attempt', () => {
  test('[S4] that has started its agents has no result', () => {
    const world = started();
    expect(world.status).toMatchObject({ phase: 'Running', run: { stage: 'Active', attempt: 1 } });
    expect(world.status?.run?.result).toBeUndefined();
  });

  test('is complete when all agents have ended for good and well, and not before', () => {
    const world = started();
    end(world, 'a', 0);
    expect(settle(world).status).toMatchObject({ phase: 'Running', run: { stage: 'Active' } });
    end(world, 'b', 0);
    const { status, claim } = settle(world);
    expect(status).toMatchObject({ phase: 'Completed', run: { stage: 'Finished', result: 'Completed' } });
    expect(status.attempts).toMatchObject([{ attempt: 1, result: 'Completed' }]);
    expect(claim).toBe('None');
  });

  test('fails when nobody is left who could do the work; until then the others work on', () => {
    const world = started();
    end(world, 'a', 1);
    expect(settle(world).status).toMatchObject({ phase: 'Recovering', run: { stage: 'Active' } });
    expect(living(world)).toEqual(['b']);
    end(world, 'b', 0);
    expect(settle(world).status).toMatchObject({ phase: 'Failed', run: { reason: 'AgentFailed' } });
    expect(world.status?.run?.message).toMatch(/^a: exited with 1 after/);
  });

  test('[S53] [S54] fails when all who are left are stuck and were recovered enough; with one who works it goes on, and says so', () => {
    const world = started();
    world.stuck.add('a');
    const { status } = settle(world);
    expect(status).toMatchObject({ phase: 'Running', run: { stage: 'Active' } });
    const reason = { status: 'False', reason: 'Hung' };
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'AgentsReady', ...reason }));
    expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', ...reason }));
    world.stuck.add('b');
    expect(settle(world).status).toMatchObject({ phase: 'Failed', run: { reason: 'RecoveriesExhausted' } });
    expect(world.status?.run?.message).toMatch(/a: nothing moves; b: nothing moves/);
    expect(living(world)).toEqual([]);
  });
});

describe('a retry', () => {
  const retry = { limit: 2, initialBackoff: '1m', maxBackoff: '1h' };

  test('starts all agents anew after its pause, in their panes, and asks for no slot until then', () => {
    const world = started({ spec: { retry } });
    end(world, 'a', 0);
    end(world, 'b', 1);
    const pause = settle(world);
    expect(pause.status).toMatchObject({ phase: 'Recovering', run: { stage: 'BackingOff', attempt: 1 } });
    expect(pause.claim).toBe('None');
    expect(pause.lookAgain).toMatchObject({ type: 'In' });
    step(world, 47_000);
    expect(world.status?.run?.stage).toBe('BackingOff');
    step(world, 26_000);
    settle(world);
    expect(living(world)).toEqual(['a', 'b']);
    expect(world.status).toMatchObject({ phase: 'Running', run: { stage: 'Active', attempt: 2, activeSeconds: 0 } });
    expect(world.status?.attempts).toMatchObject([{ attempt: 1, reason: 'AgentFailed' }]);
  });

  test('comes as often as it may, and for no cause that is not named', () => {
    const world = started({ spec: { retry } });
    for (const attempt of [1, 2, 3]) {
      expect(world.status?.run?.attempt).toBe(attempt);
      end(world, 'a', 1);
      end(world, 'b', 1);
      settle(world);
      step(world, 2 * HOUR);
      settle(world);
    }
    expect(world.status).toMatchObject({ phase: 'Failed', run: { attempt: 3 } });
    const other = started({ spec: { retry: { ...retry, on: ['DeadlineExceeded'] } } });
    end(other, 'a', 1);
    end(other, 'b', 1);
    expect(settle(other).status).toMatchObject({ phase: 'Failed', run: { attempt: 1 } });
  });

  test('is made at once, with the first attempt, when somebody changes what is worked on', () => {
    const world = started({ spec: { retry } });
    end(world, 'a', 1);
    end(world, 'b', 1);
    settle(world);
    world.spec = { retry, goal: 'Another one.' };
    settle(world);
    expect(world.status).toMatchObject({ run: { stage: 'Active', attempt: 1 } });
  });

  test('waits no longer when the clock is set back', () => {
    const world = started({ spec: { retry } });
    end(world, 'a', 1);
    end(world, 'b', 1);
    settle(world);
    world.now -= HOUR;
    step(world);
    step(world, 73_000);
    expect(settle(world).status).toMatchObject({ run: { attempt: 2 } });
  });

  test('has pauses that double, up to the longest, a fifth longer or shorter by chance that is always the same', () => {
    const pauses = retryPauses('u', 8, { initialMs: 1000, maxMs: 20_000 });
    expect(pauses).toEqual(retryPauses('u', 8, { initialMs: 1000, maxMs: 20_000 }));
    expect(pauses).not.toEqual(retryPauses('v', 8, { initialMs: 1000, maxMs: 20_000 }));
    for (const [index, ms] of pauses.entries()) {
      const plain = Math.min(20_000, 1000 * 2 ** index);
      expect(Math.abs(ms - plain)).toBeLessThanOrEqual(plain / 5);
    }
  });
});

describe('a deadline', () => {
  const small = { size: 'small' } as const;

  test('[S61] [S60] by size is four to twelve hours, moved on for what goes on, and over without it', () => {
    const quiet = started({ spec: small });
    work(quiet, 4 * HOUR - MINUTE);
    expect(quiet.status).toMatchObject({ phase: 'Running', run: { stage: 'Active', extensions: 0 } });
    work(quiet, 2 * MINUTE);
    expect(quiet.status).toMatchObject({ phase: 'TimingOut', run: { extensions: 0 } });
    const busy = started({ spec: small });
    work(busy, 4 * HOUR + 29 * MINUTE, true);
    expect(busy.status).toMatchObject({ run: { stage: 'Active', allowances: ['RecentActivity'], extensions: 0 } });
    work(busy, 44 * MINUTE, true);
    expect(busy.status).toMatchObject({ run: { stage: 'Active', extensions: 3 } });
    work(busy, 3 * MINUTE, true);
    expect(busy.status).toMatchObject({ phase: 'TimingOut' });
  });

  test('[S61] by size is an hour later after trouble with a login, once', () => {
    const world = started({ spec: small });
    for (const isHeld of [true, false, true, false]) {
      world.isHeld = isHeld;
      work(world, MINUTE);
    }
    work(world, 5 * HOUR - 5 * MINUTE);
    expect(world.status).toMatchObject({ run: { stage: 'Active', allowances: ['LoginTrouble'] } });
    work(world, 6 * MINUTE);
    expect(world.status).toMatchObject({ run: { stage: 'TimingOut' } });
  });

  test('[S60] that is given ends after at most three extensions, whatever goes on', () => {
    const world = started({ spec: { deadline: { after: '1h' } } });
    work(world, HOUR + 45 * MINUTE - MINUTE, true);
    expect(world.status).toMatchObject({ run: { stage: 'Active', extensions: 3 } });
    work(world, 2 * MINUTE, true);
    expect(world.status).toMatchObject({ run: { stage: 'TimingOut' } });
  });

  test('asks whoever runs to save and report, once, and ends them after the grace', () => {
    const world = started({ spec: { deadline: { after: '1m', extensions: 0, grace: '2m' }, retry: { limit: 0 } } });
    work(world, MINUTE);
    const told = step(world, 1000).words;
    expect(told.map(({ agent, topic }) => `${agent} ${topic}`)).toEqual(['a deadline', 'b deadline']);
    const occasions = new Set([...told, ...step(world, 1000).words].map(({ occasion }) => occasion));
    expect(occasions.size).toBe(1);
    expect(living(world)).toEqual(['a', 'b']);
    work(world, 2 * MINUTE);
    expect(settle(world).status).toMatchObject({
      phase: 'Failed',
      run: { reason: 'DeadlineExceeded', message: 'the work was to take no more than 1m' },
    });
    expect(living(world)).toEqual([]);
    expect(world.status?.agents[0]?.lastExit).toMatchObject({ kind: 'Ended', endedFor: 'DeadlineExceeded' });
  });

  test('that is moved on in the spec while agents are asked to save lets them go on', () => {
    const world = started({ spec: { deadline: { after: '1m', extensions: 0 } } });
    work(world, MINUTE);
    expect(world.status?.run?.stage).toBe('TimingOut');
    world.spec = { deadline: { after: '1h', extensions: 0 } };
    step(world, 1000);
    expect(world.status).toMatchObject({ phase: 'Running', run: { stage: 'Active' } });
  });

  test('[S79] [S127] counts no jump of the clock, no time that nobody looked, and none in which nobody could work', () => {
    const world = started({ spec: { deadline: { after: '10m', extensions: 0 } } });
    step(world, HOUR, 1000);
    step(world, -3 * HOUR, 1000);
    world.isHeld = true;
    work(world, HOUR);
    world.isHeld = false;
    world.overlay = { 'muxlet.dev/suspend': 'KeepSession' };
    work(world, HOUR);
    world.overlay = {};
    work(world, 9 * MINUTE);
    expect(world.status).toMatchObject({ run: { stage: 'Active' } });
    expect(world.status?.run?.activeSeconds).toBeLessThan(10 * 60);
    work(world, 2 * MINUTE);
    expect(world.status).toMatchObject({ run: { stage: 'TimingOut' } });
  });

  test('[S79] finds work as fresh as before when the clock is set, either way', () => {
    for (const jump of [5 * HOUR, -5 * HOUR]) {
      const world = started({ spec: { deadline: { after: '1h', extensions: 1, heartbeatTimeout: '10m' } } });
      work(world, HOUR - MINUTE, true);
      step(world, jump, 0);
      work(world, 2 * MINUTE);
      expect(world.status).toMatchObject({ run: { stage: 'Active', extensions: 1 } });
    }
  });

  test('is not written at every look', () => {
    const world = started({ spec: small });
    const writes = new Set<string>();
    for (let looks = 0; looks < 60; looks += 1) {
      step(world, 10_000);
      writes.add(JSON.stringify(world.status));
    }
    expect(writes.size).toBeLessThanOrEqual(12);
  });
});

describe('a project that has finished', () => {
  const finished = (changes: Parameters<typeof smallWorld>[0] = {}, code = 1) => {
    const world = started(changes);
    end(world, 'a', 0);
    end(world, 'b', code);
    settle(world);
    expect(world.status?.run?.stage).toBe('Finished');
    return world;
  };

  test.each([0, 1])('[S67] [S68] keeps its result (exit code %i), whatever becomes of session and agents', (code) => {
    const world = finished(
      { policy: 'OnFailure', spec: { retry: { limit: 0 } }, ...(code === 1 && { policy: 'Never' }) },
      code,
    );
    const { run } = world.status ?? {};
    revive(world, 'a');
    step(world, 1000);
    end(world, 'a', 7);
    settle(world);
    lose(world);
    settle(world);
    world.isVisible = false;
    expect(step(world, 1000).status.phase).toBe(code === 0 ? 'Completed' : 'Failed');
    world.isVisible = true;
    settle(world);
    expect(world.status?.run).toEqual(run);
    expect(living(world)).toEqual([]);
  });

  test('[S66] leaves agents alone that run in it, and says so; with sessionAfterFinished: End they are ended', () => {
    const world = finished();
    revive(world, 'b');
    const { status, actions } = settle(world);
    expect(actions).toEqual([]);
    expect(living(world)).toEqual(['b']);
    expect(status.phase).toBe('Failed');
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'StillRunning' }),
    );
    world.spec = { sessionAfterFinished: 'End' };
    expect(settle(world).status.phase).toBe('Failed');
    expect(living(world)).toEqual([]);
    expect(world.hasSession).toBe(false);
  });

  test('has its session ended, and what is kept of it removed once, after its time', () => {
    const world = finished({ spec: { ttlAfterFinished: '1h' } });
    expect(step(world, HOUR - MINUTE).actions).toEqual([]);
    world.now += MINUTE;
    const decisions = [1, 2, 3, 4].map(() => step(world, 20));
    expect(world.hasSession).toBe(false);
    expect(decisions.filter(({ expired }) => expired)).toHaveLength(1);
    expect(world.status).toMatchObject({ phase: 'Failed', run: { stage: 'Finished' } });
    expect(Date.parse(world.status?.run?.expiredAt ?? '')).toBeGreaterThan(NOW);
  });

  test('begins anew for another spec: a failed one with all agents, a completed one with those that changed', () => {
    const failed = finished();
    failed.confirmed = false;
    failed.spec = { goal: 'Another one.' };
    settle(failed);
    expect(failed.status?.run?.stage).toBe('Finished');
    failed.confirmed = true;
    settle(failed);
    expect(failed.status).toMatchObject({ phase: 'Running', run: { stage: 'Active', attempt: 1 } });
    expect(failed.status?.run?.result).toBeUndefined();
    const completed = finished({}, 0);
    const { finishedAt } = completed.status?.run ?? {};
    completed.spec = { goal: 'Another one.' };
    settle(completed);
    expect(completed.status?.run?.finishedAt).toBe(finishedAt);
    completed.version = 2;
    settle(completed);
    expect(completed.status).toMatchObject({ phase: 'Running', run: { stage: 'Active' } });
  });
});
